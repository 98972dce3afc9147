// What is being typed, kept on the device at every edit, one draft for each tab of each person. At once and not after
// a pause: "saved" must never stand beside words that a reload would lose. The report's id is made with its draft, so
// that a page which dies between keeping the copy and dropping the draft cannot send the same words as two reports.

import { newId } from "../shared/uuid.js";
import { tabName } from "./tab.js";

const KEY = "jibao.draft.";

let key = null;
let draft = fresh();

/**
 * The draft of this tab, or the newest that a closed tab of this person left: {report_id, mends, body, saved_at}, or
 * null. `mends` is the refused copy that the words came from.
 */
export async function openDraft(person) {
  const mine = `${KEY}${person}.`;
  key = mine + (await tabName());
  if (!read(key)) key = mine + (await tabName(left(mine)));
  const kept = read(key);
  draft = kept ?? fresh();
  return kept;
}

/** The id under which the words in this tab's form are sent. */
export function draftId() {
  return draft.report_id;
}

/** The refused copy that is being mended in this tab, if any. */
export function mended() {
  return draft.mends;
}

/** True when the device has kept it. */
export function saveDraft(body) {
  draft = { ...draft, body, saved_at: Date.now() };
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The next words are another report; `mends` names the refused copy they come from. */
export function dropDraft(mends = null) {
  localStorage.removeItem(key);
  draft = { ...fresh(), mends };
}

/** Words that were never sent leave the device with the person. */
export function forgetDrafts() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(KEY)) localStorage.removeItem(name);
}

function fresh() {
  return { report_id: newId(), mends: null };
}

function left(mine) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(mine) && read(name));
  return names.sort((a, b) => read(b).saved_at - read(a).saved_at).map((name) => name.slice(mine.length));
}

function read(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null");
    return kept?.body && kept.report_id ? kept : null;
  } catch {
    return null;
  }
}
