// One try to bring one copy further: send it, or ask what became of it. Takes a copy, returns the copy as it is now.
// The same id is sent until the server says `stored`; repeats are harmless there. `pause_ms` is how long to wait then,
// a span and not a moment: the device's clock may be set in between.

import { canSend, get, post, Problem } from "../shared/api.js";
import { refreshSession } from "../shared/session.js";

const LONGEST_WAIT_MS = 30_000;
const LONGEST_POLL_MS = 10_000;
const SEND_AGAIN_AFTER = 12; // polls without `stored`: about a minute and a half
const NOT_YET = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

const OTHER_PERSON_MS = 20_000;

/** One step for the copy of `person`. Nothing is sent or judged under another's session. */
export async function advance(copy, person) {
  try {
    if (!canSend(person.person_id) && !(await isSignedIn(person))) return otherPerson(copy);
  } catch (error) {
    return noAnswer(copy, asProblem(error));
  }
  return copy.state === "accepted" ? ask(copy, person) : send(copy, person);
}

async function isSignedIn(person) {
  return (await refreshSession()).person?.person_id === person.person_id;
}

function noAnswer(copy, problem) {
  return copy.state === "accepted" ? polled(copy, troubleOf(problem)) : waiting(copy, troubleOf(problem), problem.phone);
}

async function send(copy, person) {
  try {
    return accepted(copy, await postReport(copy));
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status !== 403) return judged(copy, problem);
  }
  // The CSRF token may be from an earlier sign-in, or the session may be another person's by now.
  try {
    if (!(await isSignedIn(person))) return otherPerson(copy);
    return accepted(copy, await postReport(copy));
  } catch (error) {
    return judged(copy, asProblem(error));
  }
}

async function postReport(copy) {
  const headers = { "Idempotency-Key": copy.report_id };
  const receipt = await post("/api/v1/reports", { ...copy.body, report_id: copy.report_id }, { headers });
  if (!receipt.receipt_no) throw new Problem(0, { title: "no receipt" }); // a gateway's own page is no receipt
  return receipt;
}

function accepted(copy, receipt) {
  const { receipt_no, received_at, incident_id } = receipt;
  return {
    ...copy, state: "accepted", receipt_no, received_at, incident_id,
    tries: 0, trouble: null, phone: null, problem: null, pause_ms: 400,
  };
}

// Only a clear "no" of the doors is a refusal, with a title or a reason; everything else means: not received, keep it
// and try again.
function judged(copy, problem) {
  const isClear = problem.title || problem.detail || problem.errors.length;
  if (problem.status === 401 || NOT_YET.has(problem.status) || problem.status > 504 || !isClear) {
    return waiting(copy, troubleOf(problem), problem.phone);
  }
  return { ...copy, state: "refused", trouble: null, problem: plain(problem), pause_ms: null };
}

function troubleOf({ status }) {
  if (status === 401) return "signed_out";
  return status === 0 ? "offline" : "not_received";
}

function waiting(copy, trouble, phone) {
  const tries = copy.tries + 1;
  const pause = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(tries - 1, 5)) * (0.8 + Math.random() * 0.4);
  return { ...copy, state: "waiting", trouble, phone: phone ?? copy.phone, tries, pause_ms: pause };
}

function otherPerson(copy) {
  return { ...copy, trouble: "other_person", pause_ms: OTHER_PERSON_MS };
}

async function ask(copy, person) {
  let said;
  try {
    said = await get(`/api/v1/reports/${copy.report_id}`);
  } catch (error) {
    return unheard(copy, person, asProblem(error));
  }
  if (said.state === "stored") return stored(copy, said);
  if (said.state === "refused") return refused(copy, said);
  if (copy.tries >= SEND_AGAIN_AFTER) return send({ ...copy, tries: 0 }, person);
  return polled(copy, null);
}

async function unheard(copy, person, problem) {
  if (problem.status !== 404) return polled(copy, troubleOf(problem));
  try {
    if (!(await isSignedIn(person))) return otherPerson(copy);
  } catch (error) {
    return polled(copy, troubleOf(asProblem(error)));
  }
  // Accepted and yet unknown: whatever happened there, the copy here is the only one. Send it again.
  return { ...copy, state: "waiting", tries: 0, pause_ms: 0 };
}

function polled(copy, trouble) {
  const tries = copy.tries + 1;
  return { ...copy, trouble, tries, pause_ms: Math.min(LONGEST_POLL_MS, 400 * 2 ** Math.min(tries, 5)) };
}

function stored(copy, said) {
  return {
    ...copy, state: "stored", trouble: null, problem: null, pause_ms: null,
    receipt_no: said.receipt_no ?? copy.receipt_no, incident_id: said.incident_id ?? copy.incident_id,
    number: said.number, missing_labels: said.missing_labels ?? [],
  };
}

function refused(copy, said) {
  const problem = { title: "", detail: said.detail ?? "", reason: said.reason, errors: said.errors ?? [] };
  return { ...copy, state: "refused", trouble: null, problem, pause_ms: null };
}

function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(0);
}

function plain({ title, detail, reason, errors }) {
  return { title, detail, reason, errors };
}
