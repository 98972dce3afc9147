// The only way to the server. An answer that is not 2xx, or none at all, becomes a `Problem` that says which.

import { language } from "./texts.js";

let csrf = null;
let sender = null;
const asking = new Set();

/**
 * Whether what this person wrote can be sent as hers: a CSRF token of her own session is known. The server takes it
 * with that session's cookie only, so nothing leaves under a session that another tab has opened meanwhile.
 */
export function canSend(personId) {
  return csrf !== null && sender === personId;
}

export function setCsrf(value, personId) {
  csrf = value;
  sender = personId;
}

/** `status` 0: no answer came. `errors`: [{field, reason, detail}]; `phone`: whom to call instead. */
export class Problem extends Error {
  constructor(status, body = {}) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.phone = body.phone ?? null;
    this.present = body.present ?? null; // what stands now, where something else was expected
    this.reason = body.reason ?? this.errors[0]?.reason ?? null;
  }
}

export function get(path, options = {}) {
  return send("GET", path, undefined, options);
}

export function post(path, body = {}, options = {}) {
  return send("POST", path, body, options);
}

/** Give up what is being asked: the lines from before a sleep are dead, and would be waited for until their time is up. */
export function giveUpAsking() {
  for (const controller of asking) controller.abort();
}

export function remove(path, options = {}) {
  return send("DELETE", path, {}, options);
}

/** Sign out on the server; the answer is a page or a redirect, so only whether one came counts. */
export async function leave() {
  try {
    await fetch("/logout", { method: "POST", headers: csrf ? { "X-CSRF-Token": csrf } : {}, redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

async function send(method, path, body, { headers = {}, timeout = 15000 } = {}) {
  const limit = timeLimit(timeout);
  const asked = {
    method,
    headers: { Accept: "application/json", "Accept-Language": language === "zh" ? "zh-CN" : "en", ...headers },
    credentials: "same-origin",
    cache: "no-store",
    signal: limit.signal,
  };
  if (method !== "GET") {
    asked.headers["Content-Type"] = "application/json";
    if (csrf) asked.headers["X-CSRF-Token"] = csrf;
    asked.body = JSON.stringify(body);
  }
  if (method === "GET") asking.add(limit);
  try {
    return await read(await answerOf(path, asked));
  } finally {
    asking.delete(limit);
  }
}

async function answerOf(path, asked) {
  try {
    return await fetch(path, asked);
  } catch (error) {
    throw new Problem(0, { title: String(error?.message ?? error) });
  }
}

// Old phones lack AbortSignal.timeout.
function timeLimit(ms) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller;
}

async function read(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // A 2xx that breaks off is no answer: whoever sent something must send it again.
    if (answer.ok && answer.status !== 204) throw new Problem(0, { title: "broken answer" });
  }
  if (!answer.ok) throw new Problem(answer.status, body ?? {});
  return body;
}
