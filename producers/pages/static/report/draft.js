// What is being typed, kept on the device at every edit, one draft for each person. At once and not after a pause:
// "saved" must never stand beside words that a reload would lose.

const KEY = "jibao.draft.";

/** True when the device has kept it. */
export function saveDraft(login, body) {
  try {
    localStorage.setItem(KEY + login, JSON.stringify(body));
    return true;
  } catch {
    return false;
  }
}

export function readDraft(login) {
  return JSON.parse(localStorage.getItem(KEY + login) ?? "null");
}

export function dropDraft(login) {
  localStorage.removeItem(KEY + login);
}
