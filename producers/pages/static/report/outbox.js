// The loop that brings every waiting copy to `stored`, over reloads, closed tabs, sleep, clocks that are set and days
// without a network. All pauses are measured on a clock that only runs forward; after a sleep everything is tried at
// once. One tab at a time works (Web Locks); a tab that sees a copy stand still for long works anyway, because a browser
// may have put the lock's holder to sleep and a repeat is harmless.

import { onWake } from "../shared/waking.js";
import { copiesOf, onChange, trim, update } from "./copies.js";
import { advance } from "./deliver.js";

const LOCK = "jibao.outbox";
const IDLE_MS = 5000;
const OVERDUE_MS = 15_000;

let owner = null;
let timer = null;
let running = false;
let again = false;
const seen = new Map(); // report_id → {mark, due}: how a copy stood when this tab last looked, and when it is due here

/** Begin for one signed-in person; the copies of others on this device stay untouched. */
export function startOutbox(person) {
  owner = person;
  onChange(() => wake());
  onWake(() => wake(true));
  wake(true);
}

/** Look now; `all` also tries those whose pause is not over. */
export async function wake(all = false) {
  if (running) {
    again ||= all;
    return;
  }
  running = true;
  clearTimeout(timer);
  let pause = IDLE_MS;
  try {
    await pass(all);
    pause = await untilNext();
  } catch (error) {
    console.warn(error); // the device cannot keep what became of a copy: the page says so, and it is tried again
  } finally {
    running = false;
  }
  if (again) {
    again = false;
    wake(true);
  } else {
    timer = setTimeout(wake, pause);
  }
}

async function pass(all) {
  const due = await dueCopies(all);
  if (!due.length) return;
  if (!navigator.locks) return work(due);
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) return work(await dueCopies(all));
    return work(due.filter((copy) => performance.now() - dueAt(copy) > OVERDUE_MS));
  });
}

async function openCopies() {
  const open = (await copiesOf(owner)).filter((copy) => copy.state === "waiting" || copy.state === "accepted");
  for (const id of seen.keys()) if (!open.some((copy) => copy.report_id === id)) seen.delete(id);
  return open;
}

async function dueCopies(all) {
  const open = await openCopies();
  return open.filter((copy) => dueAt(copy) <= performance.now() || all).reverse();
}

function dueAt(copy) {
  const before = seen.get(copy.report_id);
  if (before?.mark === markOf(copy)) return before.due;
  return schedule(copy, before ? copy.pause_ms ?? 0 : 0); // a copy from before this page is due at once
}

function schedule(copy, pause) {
  const due = performance.now() + pause;
  seen.set(copy.report_id, { mark: markOf(copy), due });
  return due;
}

function markOf({ state, tries, trouble, pause_ms: pause }) {
  return `${state} ${tries} ${trouble} ${pause}`;
}

async function work(copies) {
  for (const copy of copies) {
    const after = await advance(copy, owner);
    schedule(after, after.pause_ms ?? 0);
    await update(after);
  }
  await trim(owner);
}

async function untilNext() {
  const open = await openCopies();
  const next = Math.min(...open.map(dueAt), performance.now() + IDLE_MS);
  return Math.max(100, next - performance.now());
}
