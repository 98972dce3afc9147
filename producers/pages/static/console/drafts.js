// What was typed into a dialog and not sent yet, by person and dialog. It survives Esc, a reload and a sign-in that ran
// out in the middle of a call. It belongs to one tab: a tab that was duplicated starts without it.

import { newId } from "../shared/uuid.js";

const PREFIX = "jibao.dialog.";
const TAB = "jibao.tab";

/** The draft `{values, id}` of a dialog, or null. */
export function readDraft(login, name) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(login, name)) ?? "null");
  } catch {
    return null;
  }
}

export function keepDraft(login, name, draft) {
  sessionStorage.setItem(keyOf(login, name), JSON.stringify(draft));
}

export function dropDraft(login, name) {
  sessionStorage.removeItem(keyOf(login, name));
}

function keyOf(login, name) {
  return `${PREFIX}${login}.${name}`;
}

/**
 * A duplicated tab gets a copy of the first one's storage. It asks whether somebody else goes by its name; if so, the
 * drafts are the other's, with the ids under which they will be sent.
 */
export function ownTheDrafts() {
  const line = new BroadcastChannel("jibao.tabs");
  const page = newId();
  let tab = sessionStorage.getItem(TAB);
  line.onmessage = ({ data }) => {
    if (data.from === page || data.tab !== tab) return;
    if (data.kind === "asks") line.postMessage({ kind: "there", tab, from: page, to: data.from });
    else if (data.to === page) leaveTheOthers();
  };
  if (tab) line.postMessage({ kind: "asks", tab, from: page });
  else leaveTheOthers();

  function leaveTheOthers() {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    tab = newId();
    sessionStorage.setItem(TAB, tab);
  }
}
