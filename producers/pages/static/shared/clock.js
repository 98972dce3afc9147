// The server's time, as seen from here. Between two words from the server it runs on with the server's rate
// (a demonstration may run faster than life); the device's own clock is never trusted for a moment that counts.
//
// Two clocks of the device measure what passed since: one stands still while the device sleeps, the other can be set.
// The longer span counts, for sleep is by far the commoner reason; when they differ the time is in doubt until the
// server has been asked again.

const KEPT = "jibao.clock_offset_ms";
const DOUBT_MS = 2000;

let base = Date.now() + Number(localStorage.getItem(KEPT) ?? 0);
let since = performance.now();
let wall = Date.now();
let pace = 1;
let heard = false;

export function setClock(now, rate = 1) {
  base = Date.parse(now);
  since = performance.now();
  wall = Date.now();
  pace = rate || 1;
  heard = true;
  if (pace === 1) localStorage.setItem(KEPT, String(Math.round(base - Date.now())));
  else localStorage.removeItem(KEPT);
}

/** Milliseconds since 1970 on the server's clock. */
export function serverNow() {
  return base + Math.max(performance.now() - since, Date.now() - wall) * pace;
}

/** Whether the device slept or its clock was set since the server last said the time, or it never said it here. */
export function clockInDoubt() {
  return !heard || Math.abs(performance.now() - since - (Date.now() - wall)) > DOUBT_MS;
}

export function rate() {
  return pace;
}

/** Call `act` now and about every `ms` milliseconds, never from two timers. */
export function every(ms, act) {
  act();
  return setInterval(act, ms);
}
