// From the form to the device's outbox, once for each press: the copy is on the device before anything is sent, and
// only then is the form emptied. The ways to send are the button and Ctrl+Enter.

import { serverNow } from "../shared/clock.js";
import { byId } from "../shared/dom.js";
import { clearErrors, showErrors } from "../shared/fields.js";
import { enterNeverSends, meansSend, once } from "../shared/once.js";
import { t } from "../shared/texts.js";
import { newId } from "../shared/uuid.js";
import { add, copiesOf, remove } from "./copies.js";
import { askAboutTimes } from "./doubts.js";
import { showReceipt } from "./duties_view.js";
import { draftId, dropDraft, mended, openDraft, saveDraft } from "./draft.js";
import { isBlank, toSend } from "./form.js";
import { showMissing } from "./missing_view.js";
import { wake } from "./outbox.js";

const STAGES = new Set(["follow_up", "final"]);

let page = null;
let author = null;
let bounds = null;
let last = null;
let untouched = false; // true while nothing was typed since the form was emptied by sending

/** Wire the form of one person; puts back what this tab was writing. */
export async function startSending(form, session) {
  page = form;
  author = session.person;
  bounds = session.plausibility ?? null;
  await putBack();
  page.form.addEventListener("submit", (event) => event.preventDefault());
  page.form.addEventListener("keydown", (event) => {
    if (!meansSend(event)) return;
    event.preventDefault();
    send();
  });
  enterNeverSends(document.body);
  byId("send").addEventListener("click", () => send());
  byId("clear").addEventListener("click", clear);
  page.form.inert = false;
}

/** After every edit: what is missing is asked for, and the words are kept. */
export function changed() {
  if (!page || !author) return;
  const body = page.read();
  showMissing(page.form, body, changed);
  if (isBlank(body)) return;
  untouched = false;
  byId("draft-state").textContent = saveDraft(body) ? t("report.draft_saved") : t("report.draft_not_saved");
}

/** The report that was sent last from this page. */
export function lastSent() {
  return last;
}

/** Whether there are words in the form that were not sent. */
export function isWriting() {
  return !isBlank(page.read());
}

/** Open a refused copy in the form, with its words. */
export function mend(copy) {
  if (!mayReplace()) return;
  dropDraft(copy.report_id);
  page.write(copy.body);
  sayMending(copy);
  changed();
  byId("editing").scrollIntoView();
  showErrors(page.form, copy.problem?.errors ?? []);
}

/** Begin the next report about an incident: of a stored copy a follow-up, of a duty what is due. */
export function followUp({ incident_id: incident, stage = "follow_up" }) {
  page.write({ ...page.read(), stage: STAGES.has(stage) ? stage : "follow_up", incident_id: incident });
  changed();
  page.form.scrollIntoView();
  byId("details.process").focus();
}

async function putBack() {
  const draft = await openDraft(author.person_id);
  const sent = draft && (await copyOf(draft.report_id));
  if (draft && !(sent && sameWords(sent.body, toSend(draft.body)))) {
    page.write(draft.body);
    sayMending(await copyOf(draft.mends));
  } else {
    dropDraft();
    page.empty();
  }
  changed();
}

const send = once(async () => {
  clearErrors(page.form);
  const said = toSend(page.read());
  const stop = untouched && isBlank(said) ? "" : whyNot(said);
  byId("form-error").textContent = stop ?? "";
  if (stop !== null) return;
  const { body, again } = askAboutTimes(said, bounds);
  if (again) {
    lookAgain(again);
    return;
  }
  page.form.inert = true; // what is typed from here on would be lost when the form is emptied
  let copy;
  try {
    copy = await newCopy(body);
    await keep(copy);
  } catch (error) {
    byId("form-error").textContent = t("report.cannot_save", { why: String(error?.message ?? error) });
    return;
  } finally {
    page.form.inert = false;
  }
  reset();
  untouched = true;
  showReceipt(copy);
  byId("now").focus();
  byId("now").scrollIntoView({ block: "start" });
  wake(true);
});

function lookAgain(name) {
  showErrors(page.form, [{ field: name, detail: t("doubt.look") }]);
}

async function keep(copy) {
  last = copy.report_id;
  await add(copy);
  const old = mended();
  if (old && old !== copy.report_id) await remove(old).catch((error) => console.warn(error)); // the refused one stays, in red
  dropDraft();
}

async function newCopy(body) {
  const { person_id, login, name, name_en } = author;
  return {
    report_id: await idFor(body), author: { person_id, login, name, name_en }, body, state: "waiting",
    created_at: Math.round(serverNow()), tries: 0, pause_ms: 0, trouble: null, phone: null, problem: null,
  };
}

// The same words keep their id, so a repeat stays a repeat; changed words are a new report.
async function idFor(body) {
  const old = await copyOf(mended());
  if (old && sameWords(old.body, body)) return old.report_id;
  const sent = await copyOf(draftId());
  return sent && !sameWords(sent.body, body) ? newId() : draftId();
}

async function copyOf(reportId) {
  return (await copiesOf(author)).find((one) => one.report_id === reportId) ?? null;
}

// What she was asked on sending is no part of what she wrote.
function sameWords({ times_confirmed: asked, ...one }, { times_confirmed: askedToo, ...other }) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// A report is never refused here for what it lacks; only an empty one, or one that names no incident, is no report yet.
function whyNot(body) {
  if (body.stage !== "first" && !body.incident_id) {
    showErrors(page.form, [{ field: "incident_id", detail: t("report.choose_incident") }]);
    return t("report.choose_incident");
  }
  return isBlank(body) ? t("report.empty") : null;
}

function sayMending(copy) {
  byId("editing").hidden = !copy;
  byId("editing").textContent = copy ? t("report.mending") : "";
}

function reset() {
  sayMending(null);
  byId("later").open = false;
  byId("draft-state").textContent = "";
  page.empty();
  changed();
}

function mayReplace() {
  return isBlank(page.read()) || window.confirm(t("report.replace_sure"));
}

function clear() {
  if (!isBlank(page.read()) && !window.confirm(t("report.clear_sure"))) return;
  dropDraft();
  clearErrors(page.form);
  reset();
}
