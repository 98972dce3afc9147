// The reporter's page: report, and see honestly what became of it.

import { Problem } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { clearErrors, showErrors } from "../shared/fields.js";
import { forgetSession, getKept, loadSession, signOut } from "../shared/session.js";
import { namesFrom } from "../shared/names.js";
import { nameOf, t } from "../shared/texts.js";
import { newId } from "../shared/uuid.js";
import { showBanner } from "./banner.js";
import { copiesOf, onChange, remove, save, unsentOfOthers } from "./copies.js";
import { showCopies } from "./copies_view.js";
import { dropDraft, readDraft, saveDraft } from "./draft.js";
import { isBlank, reportForm, toSend } from "./form.js";
import { showMissing } from "./missing_view.js";
import { startOutbox, wake } from "./outbox.js";

const session = await loadSession();
let page = null;
let names = {};
let lastSaid = "";
let mending = null; // the refused copy that is being mended

if (session) await start();
else signedOut();

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch((error) => console.warn(error));

async function start() {
  const [lists, nodes] = await Promise.all([getKept("lists", "/api/v1/categories"), getKept("nodes", "/api/v1/nodes")]);
  byId("who").textContent = `${nameOf(session.person.node)} · ${nameOf(session.person)}`;
  const empty = { categories: [], grades: ["ungraded"], tags: [] };
  page = reportForm({ session, lists: lists ?? empty, nodes: nodes?.nodes ?? [], changed });
  names = namesFrom(lists, nodes?.nodes ?? []);
  const draft = readDraft(login());
  if (draft) page.write(draft);
  else page.empty();
  changed();
  page.form.addEventListener("submit", submit);
  page.form.inert = false;
  page.form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) page.form.requestSubmit();
  });
  byId("clear").addEventListener("click", clear);
  byId("logout").addEventListener("click", leave);
  onChange(show);
  startOutbox(login());
  await show();
}

function login() {
  return session.person.login;
}

function changed() {
  const body = page?.read();
  if (!body) return;
  showMissing(page.form, body, changed);
  if (isBlank(body)) return;
  byId("draft-state").textContent = saveDraft(login(), body) ? t("report.draft_saved") : "";
}

// The copy is on the device before anything is sent; only then is the form emptied.
async function submit(event) {
  event.preventDefault();
  clearErrors(page.form);
  const body = toSend(page.read());
  const stop = whyNot(body);
  byId("form-error").textContent = stop ?? "";
  if (stop) return;
  const copy = {
    report_id: idFor(body), owner: login(), body, state: "waiting", created_at: Date.now(),
    tries: 0, next_try_at: Date.now(), trouble: null, phone: null, problem: null,
  };
  try {
    await save(copy);
  } catch (error) {
    byId("form-error").textContent = t("report.cannot_save", { why: String(error?.message ?? error) });
    return;
  }
  if (mending && mending.report_id !== copy.report_id) await remove(mending.report_id);
  dropDraft(login());
  reset();
  byId("copies-title").focus();
  wake(true);
}

// A report is never refused here for what it lacks; only an empty one, or one that names no incident, is no report yet.
function whyNot(body) {
  if (body.stage !== "first" && !body.incident_id) {
    showErrors(page.form, [{ field: "incident_id", detail: t("report.choose_incident") }]);
    return t("report.choose_incident");
  }
  return isBlank(body) ? t("report.empty") : null;
}

// The same words keep their id, so a repeat stays a repeat; changed words are a new report.
function idFor(body) {
  return mending && JSON.stringify(mending.body) === JSON.stringify(body) ? mending.report_id : newId();
}

function reset() {
  mending = null;
  byId("editing").hidden = true;
  byId("later").open = false;
  byId("draft-state").textContent = "";
  page.empty();
  changed();
}

function clear() {
  if (!isBlank(page.read()) && !window.confirm(t("report.clear_sure"))) return;
  dropDraft(login());
  clearErrors(page.form);
  reset();
}

async function show() {
  const copies = await copiesOf(login());
  showCopies(copies, { names, sendNow: () => wake(true), discard, edit, followUp });
  showBanner(copies, { phone: session.county?.phone });
  const newest = copies[0];
  const said = newest ? `${t(`copies.${newest.state}`)} ${newest.receipt_no ?? ""}` : "";
  if (said !== lastSaid) byId("copies-live").textContent = said;
  lastSaid = said;
  const others = await unsentOfOthers(login());
  byId("others").textContent = others ? t("copies.others", { n: others }) : "";
}

function edit(copy) {
  mending = copy;
  byId("editing").hidden = false;
  byId("editing").textContent = t("report.mending");
  page.write(copy.body);
  changed();
  byId("editing").scrollIntoView();
  showErrors(page.form, copy.problem?.errors ?? []);
}

async function discard(copy) {
  if (window.confirm(t("copies.discard_sure"))) await remove(copy.report_id);
}

function followUp(copy) {
  page.write({ ...page.read(), stage: "follow_up", incident_id: copy.incident_id });
  changed();
  page.form.scrollIntoView();
  byId("details.process").focus();
}

async function leave() {
  const copies = await copiesOf(login());
  const unsent = copies.filter((copy) => copy.state !== "stored").length;
  if (unsent && !window.confirm(t("copies.leave_sure", { n: unsent }))) return;
  try {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function signedOut() {
  forgetSession();
  byId("form").hidden = true;
  showBanner([], { live: "signed_out" });
}
