// The reporter's own copies, on the device. A copy is written before anything is sent, leaves only after the report is
// `stored`, and belongs to its author: nobody else's session sends it.
//
// A copy: {report_id, author: {person_id, login, name, name_en}, body, state, order, created_at, tries, pause_ms,
//          trouble, phone, receipt_no, received_at, incident_id, number, missing_labels, problem};
// state: waiting → accepted → stored, or refused.

import * as store from "./store.js";

const KEEP_STORED = 20;

const channel = "BroadcastChannel" in window ? new BroadcastChannel("jibao.copies") : null;
const listeners = new Set();
channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

/** Call `listener` after every change, made here or in another tab. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Keep a new copy, after all that there are. */
export async function add(copy) {
  const last = Math.max(0, ...(await store.all()).map(place));
  await store.put({ ...copy, order: last + 1 });
  tell();
}

export async function remove(reportId) {
  await store.remove(reportId);
  tell();
}

/** Save what became of a copy, unless the person has meanwhile taken it back. */
export async function update(copy) {
  const all = await store.all();
  if (!all.some((one) => one.report_id === copy.report_id)) return;
  await store.put(copy);
  tell();
}

/** All copies of one person, newest first. */
export async function copiesOf(person) {
  const all = await store.all();
  return all.filter((copy) => isBy(copy, person)).sort((a, b) => place(b) - place(a));
}

/** How many unsent copies other people left on this device: [{name, n}]. */
export async function unsentOfOthers(person) {
  const left = (await store.all()).filter((copy) => !isBy(copy, person) && copy.state !== "stored");
  const names = left.map((copy) => copy.author?.name ?? copy.owner);
  return [...new Set(names)].map((name) => ({ name, n: names.filter((one) => one === name).length }));
}

/** Stored ones are listed briefly: the newest 20 stay; none when the person leaves. */
export async function trim(person, keep = KEEP_STORED) {
  const done = (await copiesOf(person)).filter((copy) => copy.state === "stored");
  for (const copy of done.slice(keep)) await store.remove(copy.report_id);
}

// Copies of earlier versions name their author by login alone.
function isBy(copy, person) {
  return copy.author ? copy.author.person_id === person.person_id : copy.owner === person.login;
}

// By order of keeping: a clock that was set back must not put an older copy on top.
function place(copy) {
  return copy.order ?? 0;
}

function tell() {
  channel?.postMessage("changed");
  listeners.forEach((listener) => listener());
}
