// Logging a phone call: the caller is on the line, so everything fits one screen and nothing is compulsory.

import { get, post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { serverNow } from "../shared/clock.js";
import { gather } from "../shared/fields.js";
import { labelList, nameOf, t, word } from "../shared/texts.js";
import { key } from "../shared/signs.js";
import { desk } from "./desk.js";
import { casualtyFields, categoryOptions, divisionOptions, incidentOptions, textField, words } from "./choices.js";
import { openDialog } from "./dialog.js";
import { missing } from "../report/missing.js";

const STAGES = ["follow_up", "final", "correction"];

export function callDialog(done) {
  openDialog({
    name: "call", title: t("call.title"), lead: t("call.lead"), button: t("call.send"), keep: "all", done,
    fields: [callFields(), whichFields(), whatFields(), casualtyFields(), moreFields()],
    prepare: (form) => prepare(form),
    send: (values, reportId) => post("/api/v1/calls", bodyOf(values, reportId)),
  });
}

function callFields() {
  return {
    legend: t("call.who"), kind: "grid",
    fields: [
      { name: "called_at", type: "time", label: t("call.called_at"), value: serverNow(), chips: [0, 1, 2, 5] },
      { name: "source.unit", label: t("call.unit"), list: "call-units", hint: t("call.unit_hint"), first: true },
      { name: "source.name", label: t("call.caller") },
      { name: "source.post", label: t("call.post") },
      { name: "source.phone", label: t("call.phone"), type: "tel" },
    ],
  };
}

function whichFields() {
  return {
    legend: t("call.which"), kind: "grid",
    fields: [
      { name: "incident_id", type: "select", label: t("console.incident"), options: incidentOptions(desk.overview?.incidents ?? []) },
      { name: "stage", type: "select", label: t("report.stage"), options: words("stage", STAGES), value: "follow_up" },
      { name: "category", type: "select", label: t("field.category"), options: categoryOptions(desk.lists?.categories ?? []), value: "other" },
      { name: "occurred_at", type: "time", label: t("field.occurred_at"), chips: [0, 10, 30, 60] },
      { name: "place.division", type: "select", label: t("report.division"), options: divisionOptions(desk.nodes) },
      { name: "place.text", label: t("report.place_text") },
    ],
  };
}

function whatFields() {
  return {
    legend: t("call.what"),
    fields: [{ name: "title", label: t("report.title_field") }, textField("details.process", { rows: 4, hint: t("call.verbatim") }), textField("details.measures")],
  };
}

function moreFields() {
  const texts = ["details.cause", "details.scope", "details.trend", "details.leaders_on_site", "details.requests"];
  return { legend: t("report.later"), folded: true, fields: texts.map((path) => textField(path)) };
}

// A first report needs its category and place; a later one needs its stage. The caller's division is the likely place.
function prepare(form) {
  form.append(h("datalist", { id: "call-units" }, desk.nodes.map((node) => h("option", { value: nameOf(node) }, word("role", node.role)))));
  const show = () => {
    const later = form.elements.incident_id.value !== "";
    for (const name of ["stage"]) form.querySelector(`[data-field="${name}"]`).hidden = !later;
    for (const name of ["category", "occurred_at", "place.division", "place.text"]) form.querySelector(`[data-field="${name}"]`).hidden = later;
  };
  form.elements.incident_id.addEventListener("change", show);
  form.elements["source.unit"].addEventListener("change", (event) => {
    const node = nodeNamed(event.target.value);
    if (!node) return;
    if (node.phone && !form.elements["source.phone"].value) form.elements["source.phone"].value = node.phone;
    if (node.role === "township" && !form.elements["place.division"].value) form.elements["place.division"].value = node.division;
  });
  const owed = h("p", { class: "quiet still-missing", role: "status" });
  form.querySelector(".form-problem").before(owed);
  const tell = () => {
    const list = missing(bodyOf(gather(form), null).report);
    owed.textContent = list.length ? `${t("report.missing")}: ${labelList(list.map((one) => one.label))}` : "";
  };
  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  // A draft is filled in after this, so the fields are arranged once more when it is.
  setTimeout(() => {
    show();
    tell();
  });
}

function nodeNamed(name) {
  const wanted = key(name ?? "");
  return wanted ? desk.nodes.find((node) => [node.name, node.name_en, node.code].some((one) => one && key(one) === wanted)) : undefined;
}

export function bodyOf({ called_at: calledAt, ...report }, reportId) {
  const incidentId = report.incident_id || null;
  const about = desk.overview?.incidents.find((one) => one.incident_id === incidentId);
  const unit = report.source.unit;
  return {
    called_at: calledAt,
    report: {
      ...report, report_id: reportId, medium: "phone", incident_id: incidentId,
      stage: incidentId ? report.stage : "first",
      category: incidentId ? about?.category ?? "other" : report.category ?? "other",
      source: { ...report.source, unit: nodeNamed(unit)?.code ?? unit },
    },
  };
}

/** What became of a report that was just accepted, asked until it is stored or refused. */
export async function followReport(reportId, { stored, refused }, tries = 20) {
  for (let nth = 0; nth < tries; nth += 1) {
    const said = await get(`/api/v1/reports/${reportId}`).catch(() => null);
    if (said?.state === "stored") return stored(said);
    if (said?.state === "refused") return refused(said);
    await new Promise((go) => setTimeout(go, 300 * (nth + 1)));
  }
  return null;
}
