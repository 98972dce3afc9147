// How old the picture on the screen is, by the server's time. It is as old as the server's last word on an unbroken line,
// or as the last answer to a question; while something is still to be asked again, it ages.

import { rate, serverNow } from "../shared/clock.js";

const FRESH_MS = 12_000; // a tick comes every five seconds

let asOf = null;
let asked = 0;
let answered = -1;

/** Something has happened, or may have happened unseen: the picture is not known to be whole until it was asked for. */
export function pictureIsOld() {
  asked += 1;
}

/** Begin to ask; call what it returns with the server's time in the answer. */
export function askingForPicture() {
  const nth = asked;
  return (now) => {
    answered = Math.max(answered, nth);
    asOf = Math.max(asOf ?? 0, now);
  };
}

/** The server says that it is there: with nothing left to ask, what is shown is true until this moment. */
export function serverSpoke(now) {
  if (answered === asked) asOf = now;
}

/** Milliseconds, null before the first answer; and whether that is fresh. */
export function pictureAge() {
  const age = asOf === null ? null : Math.max(0, serverNow() - asOf);
  return { age, fresh: age !== null && age < FRESH_MS * Math.max(1, rate()) };
}
