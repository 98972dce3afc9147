// One try to bring one copy further: send it, or ask what became of it. Takes a copy, returns the copy as it is now.
// The same id is sent until the server says `stored`; repeats are harmless there.

import { canSend, get, post, Problem } from "../shared/api.js";
import { refreshSession } from "../shared/session.js";

const LONGEST_WAIT_MS = 30_000;
const LONGEST_POLL_MS = 10_000;
const SEND_AGAIN_AFTER = 12; // polls without `stored`: about a minute and a half
const NOT_YET = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

export async function advance(copy) {
  return copy.state === "accepted" ? ask(copy) : send(copy);
}

async function send(copy) {
  try {
    return accepted(copy, await postReport(copy));
  } catch (error) {
    return judged(copy, asProblem(error));
  }
}

async function postReport(copy) {
  const headers = { "Idempotency-Key": copy.report_id };
  const body = { ...copy.body, report_id: copy.report_id };
  if (!canSend()) await refreshSession();
  try {
    return await post("/api/v1/reports", body, { headers });
  } catch (error) {
    if (error.status !== 403) throw error;
    // The CSRF token may be from an earlier sign-in.
    await refreshSession();
    return post("/api/v1/reports", body, { headers });
  }
}

function accepted(copy, receipt) {
  const { receipt_no, received_at, incident_id } = receipt;
  return {
    ...copy, state: "accepted", receipt_no, received_at, incident_id,
    tries: 0, trouble: null, phone: null, problem: null, next_try_at: Date.now() + 400,
  };
}

// Only a clear "no" is a refusal; everything else means: not received, keep it and try again.
function judged(copy, problem) {
  if (problem.status === 401) return waiting(copy, "signed_out", null);
  if (NOT_YET.has(problem.status) || problem.status > 504) {
    return waiting(copy, problem.status === 0 ? "offline" : "not_received", problem.phone);
  }
  return { ...copy, state: "refused", trouble: null, problem: plain(problem), next_try_at: null };
}

function waiting(copy, trouble, phone) {
  const tries = copy.tries + 1;
  const pause = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(tries - 1, 5)) * (0.8 + Math.random() * 0.4);
  return { ...copy, state: "waiting", trouble, phone: phone ?? copy.phone, tries, next_try_at: Date.now() + pause };
}

async function ask(copy) {
  let said;
  try {
    said = await get(`/api/v1/reports/${copy.report_id}`);
  } catch (error) {
    const problem = asProblem(error);
    // Accepted and yet unknown: whatever happened there, the copy here is the only one. Send it again.
    if (problem.status === 404) return { ...copy, state: "waiting", tries: 0, next_try_at: Date.now() };
    return polled(copy, problem.status === 401 ? "signed_out" : "offline");
  }
  if (said.state === "stored") return stored(copy, said);
  if (said.state === "refused") return refused(copy, said);
  if (copy.tries >= SEND_AGAIN_AFTER) return send({ ...copy, tries: 0 });
  return polled(copy, null);
}

function polled(copy, trouble) {
  const tries = copy.tries + 1;
  return { ...copy, trouble, tries, next_try_at: Date.now() + Math.min(LONGEST_POLL_MS, 400 * 2 ** Math.min(tries, 5)) };
}

function stored(copy, said) {
  return {
    ...copy, state: "stored", trouble: null, problem: null, next_try_at: null,
    receipt_no: said.receipt_no ?? copy.receipt_no, incident_id: said.incident_id ?? copy.incident_id,
    number: said.number, missing_labels: said.missing_labels ?? [],
  };
}

function refused(copy, said) {
  const problem = { title: "", detail: said.detail ?? "", reason: said.reason, errors: said.errors ?? [] };
  return { ...copy, state: "refused", trouble: null, problem, next_try_at: null };
}

function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(0);
}

function plain({ title, detail, reason, errors }) {
  return { title, detail, reason, errors };
}
