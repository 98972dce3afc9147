// What she must still report, from the server: asked when the page opens, when it wakes, when the server says that
// something changed, and now and then besides. The last answer is kept for a start without a network.

import { get, Problem } from "../shared/api.js";
import { serverNow, setClock } from "../shared/clock.js";
import { onWake } from "../shared/waking.js";

const KEPT = "jibao.kept.duties"; // forgotten with the session
const POLL_MS = 20_000;
const TOGETHER_MS = 400;
const OLD_MS = 45_000;

let known = null;
let source = null;
let waiting = null;

/** `told({duties, incidents, heard_at, live})` after each answer, and when one did not come. */
export function watchDuties(person, told) {
  known = remembered(person);
  if (known) told(known);
  const ask = async () => {
    if (document.visibilityState === "hidden") return;
    try {
      known = keep(await get("/api/v1/duties"), person) ?? known;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (known) known = { ...known, live: false };
    }
    if (known) told(known);
  };
  const soon = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      ask();
    }, TOGETHER_MS);
  };
  setInterval(ask, POLL_MS);
  onWake(soon);
  listen(soon);
  document.addEventListener("visibilitychange", () => listen(soon));
  ask();
  return soon;
}

/** Whether an answer is too old to be called the state of now. */
export function isOld({ live, heard_at: heard }) {
  return !live || serverNow() - heard > OLD_MS;
}

// A page in a pocket listens to nothing; it asks again when it is taken out.
function listen(soon) {
  if (document.visibilityState === "hidden") {
    source?.close();
    source = null;
  } else if (!source || source.readyState === EventSource.CLOSED) {
    source = new EventSource("/api/v1/stream?alerts=no");
    source.addEventListener("fact", soon);
    source.addEventListener("tick", ({ data }) => {
      const tick = JSON.parse(data);
      setClock(tick.now, tick.clock_rate);
    });
  }
}

function keep(answer, person) {
  if (answer.person_id !== person.person_id) return null; // somebody else is signed in by now: not hers
  setClock(answer.now, answer.clock_rate);
  const { duties, incidents } = answer;
  const said = { duties, incidents, heard_at: serverNow() };
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...said, person_id: person.person_id }));
  } catch {
    // A full device: only a start without a network knows less.
  }
  return { ...said, live: true };
}

function remembered(person) {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  return kept?.person_id === person.person_id ? { ...kept, live: false } : null;
}
