// What the duty officer does with an incident. Each act asks for what it needs, sends it, and says what came of it.

import { post, Problem } from "../shared/api.js";
import { written } from "../shared/fields.js";
import { serverNow } from "../shared/clock.js";
import { labelList, nameOf, t, word } from "../shared/texts.js";
import { timeOf } from "../shared/zone.js";
import { onceNamed } from "../shared/once.js";
import { newId } from "../shared/uuid.js";
import { desk, openAlerts, selectedSummary } from "./desk.js";
import { callDialog, followReport } from "./call_dialog.js";
import { casualtyFields, textField, words } from "./choices.js";
import { actOn } from "./act_on.js";
import { openDialog, sentence } from "./dialog.js";
import { forwardDialog } from "./forward_dialog.js";
import { askWhy, proposalWords } from "./proposal.js";
import { unanswered } from "./strip.js";
import { toast } from "./toast.js";

const GRADES = ["I", "II", "III", "IV", "non_incident", "ungraded"];

/** All acts by name; `refresh` asks the server how things stand now, `select` shows an incident. */
export function acts({ refresh, select }) {
  const ofSelected = (act) => () => {
    const incident = desk.detail?.incident ?? selectedSummary();
    if (incident) act(incident, refresh);
    else toast(t("console.choose"));
  };
  return {
    // By key: what is selected, or in the moment before anything is, what stands on top of the strip.
    acknowledge: (id) => acknowledge(typeof id === "string" ? id : desk.selected ?? unanswered(desk)[0]?.incident_id, refresh),
    on_behalf: ofSelected(onBehalf),
    grade: ofSelected(grade),
    forward: ofSelected(forwardDialog),
    follow_up: ofSelected(followUp),
    stop: ofSelected(stop),
    close: ofSelected(close),
    reopen: ofSelected(reopen),
    call: () => callDialog((receipt) => receipted(receipt, refresh, select)),
  };
}

async function acknowledge(incidentId, refresh) {
  const open = openAlerts(incidentId);
  if (!open.length) return toast(t("console.nothing_to_acknowledge"));
  return onceNamed(`acknowledge-${incidentId}`, () => acknowledgeFirst(open, refresh));
}

// An answer that was lost is asked for again under the same id.
const underWay = new Map(); // alert_id → act_id

async function acknowledgeFirst([{ alert_id: id }], refresh) {
  if (!underWay.has(id)) underWay.set(id, newId());
  try {
    // One answer ends every call about the incident.
    const body = { medium: "console", act_id: underWay.get(id), expected: { state: "open" } };
    const answer = await post(`/api/v1/alerts/${id}/acknowledge`, body);
    underWay.delete(id);
    toast(t("console.acknowledged_by", { name: answer.acknowledged_by_name ?? "", at: timeOf(answer.acknowledged_at) }), "good");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status) underWay.delete(id);
    toast(sentence(error), "bad");
  }
  return refresh();
}

function onBehalf(incident, refresh) {
  const open = openAlerts(incident.incident_id);
  if (!open.length) return toast(t("console.nothing_to_acknowledge"));
  return openDialog({
    name: "on_behalf", about: incident.incident_id, keep: "words", title: t("act.on_behalf"), lead: t("behalf.lead"), button: t("act.acknowledge"), done: refresh,
    fields: [
      { name: "who", type: "select", label: t("behalf.who"), options: whoCanAnswer(open), first: true },
      { name: "note", type: "textarea", label: t("behalf.note"), hint: t("behalf.note_hint"), rows: 3 },
    ],
    refused: refresh,
    send: ({ who, note }, id) => {
      const body = written(who ? { medium: "on_behalf", on_behalf_of: who, note } : { medium: "console", note });
      return post(`/api/v1/alerts/${open[0].alert_id}/acknowledge`, { ...body, act_id: id, expected: { state: "open" } });
    },
  });
}

function whoCanAnswer(alerts) {
  const people = new Map();
  for (const one of desk.overview?.on_duty ?? []) if (one.login) people.set(one.login, `${nameOf(one, "post_name")} ${one.name}`);
  for (const step of alerts.flatMap((alert) => alert.steps ?? [])) {
    if (step.login) people.set(step.login, `${nameOf(step, "post_name")} ${step.person_name}`);
  }
  const own = desk.session.person.login;
  const others = [...people].filter(([login]) => login !== own).map(([value, label]) => ({ value, label }));
  return [...others, { value: "", label: t("behalf.myself") }];
}

function grade(incident, refresh) {
  return openDialog({
    name: "grade", about: incident.incident_id, keep: "words", title: `${t("act.grade")} · ${incident.number}`, lead: t("grade.lead"), button: t("act.grade"), done: refresh,
    fields: [
      {
        name: "grade", type: "select", label: t("report.grade"), options: words("grade", GRADES), value: incident.grade, first: true,
        hint: incident.proposed_grade ? proposalWords(incident.proposed_grade) : null,
      },
      { name: "note", type: "textarea", label: t("grade.note"), rows: 2 },
    ],
    prepare: (form) => askWhy(form, incident),
    ...actOn(incident, "grade", ["grade"], refresh),
  });
}

function followUp(incident, refresh) {
  const texts = ["details.process", "details.measures", "details.cause", "details.losses", "details.trend", "details.next_steps"];
  return openDialog({
    name: "follow_up", about: incident.incident_id, title: `${t("act.follow_up")} · ${incident.number}`, lead: t("followup.lead"), keep: "all",
    button: t("report.send"), done: (receipt) => receipted(receipt, refresh, () => {}),
    fields: [
      { name: "stage", type: "select", label: t("report.stage"), options: words("stage", ["follow_up", "final"]), value: "follow_up" },
      textField(texts[0], { rows: 4, first: true }), textField(texts[1]), casualtyFields(),
      { legend: t("report.later"), folded: true, fields: texts.slice(2).map((path) => textField(path)) },
    ],
    send: (values, reportId) => post("/api/v1/reports", {
      ...values, report_id: reportId, medium: "written", incident_id: incident.incident_id, category: incident.category,
      grade: incident.grade, source: { name: desk.session.person.name, unit: desk.session.person.node.code, post: desk.session.person.post },
    }, { headers: { "Idempotency-Key": reportId } }),
  });
}

function stop(incident, refresh) {
  return openDialog({
    name: "stop", about: incident.incident_id, keep: "words", title: `${t("act.stop")} · ${incident.number}`, lead: t("stop.lead"), button: t("act.stop"), done: refresh,
    fields: [{ name: "stopped_at", type: "time", label: t("console.stopped_at"), value: serverNow(), chips: [0, 10, 30, 60], first: true }],
    ...actOn(incident, "stop", ["stopped_at"], refresh),
  });
}

function close(incident, refresh) {
  const reasons = ["final_report", "non_incident", "duplicate", "retracted"];
  return openDialog({
    name: "close", about: incident.incident_id, keep: "words", title: `${t("act.close")} · ${incident.number}`, lead: t("close.lead"), button: t("act.close"), danger: true, done: refresh,
    fields: [
      { name: "why", type: "select", label: t("close.why"), options: words("reason", reasons), first: true },
      { name: "note", type: "textarea", label: t("grade.note"), rows: 2 },
    ],
    ...actOn(incident, "close", ["state"], refresh),
  });
}

function reopen(incident, refresh) {
  if (incident.state !== "closed") return toast(t("reopen.not_closed"));
  return openDialog({
    name: "reopen", about: incident.incident_id, keep: "words", title: `${t("act.reopen")} · ${incident.number}`, lead: t("reopen.lead"), button: t("act.reopen"), done: refresh,
    fields: [{ name: "note", type: "textarea", label: t("reopen.note"), rows: 3, first: true }],
    ...actOn(incident, "reopen", ["state"], refresh),
  });
}

function receipted(receipt, refresh, select) {
  toast(t("console.receipt_given", { receipt: receipt.receipt_no }), "good");
  followReport(receipt.report_id, {
    stored: (said) => {
      toast(t("console.report_stored", { number: said.number }), "good");
      if (said.missing_labels?.length) toast(t("copies.still_missing", { list: labelList(said.missing_labels) }));
      refresh();
      if (said.incident_id) select(said.incident_id);
    },
    refused: (said) => toast(`${t("copies.refused")}: ${said.detail || word("reason", said.reason)}`, "bad"),
  });
}
