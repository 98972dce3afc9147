// Who is signed in. The last answer is kept on the device (without its CSRF token) so that the reporter's page opens
// without a network, and is forgotten on sign-out.

import { get, leave, setCsrf, Problem } from "./api.js";
import { setClock } from "./clock.js";
import { onceNamed } from "./once.js";
import { setZone } from "./zone.js";

const KEPT = "jibao.kept.";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("jibao.session") : null;

/** Call `listener` when another tab has opened a page as somebody, or signed out. */
export function onSessionElsewhere(listener) {
  channel?.addEventListener("message", () => listener());
}

/** The session; `live` is false when it is only remembered. Null when nobody is signed in. */
export async function loadSession() {
  const session = await getKept("session", "/api/v1/session", ({ csrf, now, clock_rate, ...rest }) => rest);
  if (session) setZone(session.county?.timezone);
  if (session?.live) channel?.postMessage("opened");
  return session;
}

/** Ask again, after a sign-in elsewhere or a refused token; throws `Problem`. */
export async function refreshSession() {
  const session = await get("/api/v1/session");
  setCsrf(session.csrf, session.person?.person_id);
  setClock(session.now, session.clock_rate);
  return session;
}

/** GET that is remembered for offline use; `keep` says which part of it. */
export async function getKept(name, path, keep = (answer) => answer) {
  try {
    const answer = name === "session" ? await refreshSession() : await get(path);
    localStorage.setItem(KEPT + name, JSON.stringify(keep(answer)));
    return { ...answer, live: true };
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 401) return null;
    const kept = localStorage.getItem(KEPT + name);
    return kept ? { ...JSON.parse(kept), live: false } : null;
  }
}

export function forgetSession() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(KEPT)) localStorage.removeItem(name);
}

/** Where to sign in so that this page comes back afterwards. */
export function signInFirst() {
  return `/login?after=${encodeURIComponent(window.location.pathname + window.location.search)}`;
}

/** Sign out here and on the server; false when the server could not hear it, so the cookie still stands. */
export async function signOut() {
  return (await onceNamed("sign-out", leaveForGood)) ?? true;
}

async function leaveForGood() {
  if (!(await leave())) return false;
  forgetSession();
  sessionStorage.clear();
  channel?.postMessage("left");
  window.location.assign("/login");
  return true;
}
