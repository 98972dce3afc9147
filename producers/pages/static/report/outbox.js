// The loop that brings every waiting copy to `stored`, over reloads, closed tabs and days without a network.
// One tab at a time works (Web Locks); a tab whose copy is long overdue works anyway, because a browser may have put the
// lock's holder to sleep and a repeat is harmless.

import { copiesOf, onChange, trim, update } from "./copies.js";
import { advance } from "./deliver.js";

const LOCK = "jibao.outbox";
const IDLE_MS = 5000;
const OVERDUE_MS = 15_000;

let owner = null;
let timer = null;
let running = false;
let again = false;

/** Begin for one signed-in person; the copies of others on this device stay untouched. */
export function startOutbox(login) {
  owner = login;
  onChange(() => wake());
  window.addEventListener("online", () => wake(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
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
  try {
    await pass(all);
  } finally {
    running = false;
  }
  if (again) {
    again = false;
    wake(true);
  } else {
    timer = setTimeout(wake, await pause());
  }
}

async function pass(all) {
  const due = await dueCopies(all);
  if (!due.length) return;
  if (!navigator.locks) return work(due);
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) return work(await dueCopies(all));
    return work(due.filter((copy) => Date.now() - (copy.next_try_at ?? 0) > OVERDUE_MS));
  });
}

async function dueCopies(all) {
  const now = Date.now();
  const open = (await copiesOf(owner)).filter((copy) => copy.state === "waiting" || copy.state === "accepted");
  return open.filter((copy) => all || (copy.next_try_at ?? 0) <= now).reverse();
}

async function work(copies) {
  for (const copy of copies) await update(await advance(copy));
  await trim(owner);
}

async function pause() {
  const open = (await copiesOf(owner)).filter((copy) => copy.state === "waiting" || copy.state === "accepted");
  const next = Math.min(...open.map((copy) => copy.next_try_at ?? 0), Date.now() + IDLE_MS);
  return Math.max(100, next - Date.now());
}
