// Who is signed in on this device now. Another tab may have signed in as somebody else, or out, since this page was
// opened; the page belongs to the person it was opened for, and says so when that is no longer the one who is signed in.

import { Problem } from "../shared/api.js";
import { once } from "../shared/once.js";
import { onSessionElsewhere, refreshSession } from "../shared/session.js";
import { onWake } from "../shared/waking.js";

let now; // undefined: not known (no answer yet); null: nobody

/** The person who is signed in now, null for nobody, undefined while that is not known. */
export function signedInNow() {
  return now;
}

/** Ask at once and at each waking; `told` is called after each answer. */
export function watchAccount(session, told) {
  now = session.live ? session.person : undefined;
  const look = once(async () => {
    try {
      now = (await refreshSession()).person;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) now = null;
    }
    told();
  });
  onSessionElsewhere(look);
  onWake(look);
}
