// What is being typed, kept on the device at every edit, one draft for each person.

const KEY = "jibao.draft.";
const PAUSE_MS = 300;

let timer = null;

export function saveDraft(login, body, done) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    localStorage.setItem(KEY + login, JSON.stringify(body));
    done();
  }, PAUSE_MS);
}

export function readDraft(login) {
  return JSON.parse(localStorage.getItem(KEY + login) ?? "null");
}

export function dropDraft(login) {
  clearTimeout(timer);
  localStorage.removeItem(KEY + login);
}
