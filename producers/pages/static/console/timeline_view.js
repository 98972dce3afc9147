// The numbered, immutable record: facts and reports in the order they happened, newest on top, numbers as they came.

import { h } from "../shared/dom.js";
import { namesFrom } from "../shared/names.js";
import { labelList, nameOf, t, word } from "../shared/texts.js";
import { span } from "../shared/spans.js";
import { stampOf } from "../shared/zone.js";
import { detailOf } from "./ladder_view.js";
import { decided } from "./proposal.js";
import { reportContent } from "../shared/report_content.js";

// A fact that says what the line before it already said: the report's own line tells it all.
const SILENT = new Set(["report.submitted", "obligation.opened"]);

export function timeline(desk) {
  const { events, reports } = desk.detail;
  const lines = inOrder(events, reports);
  const numbered = lines.map((line, index) => ({ ...line, nth: index + 1 })).reverse();
  if (!numbered.length) return h("p", { class: "quiet" }, t("console.no_events"));
  return h("ol", { class: "timeline" }, numbered.map((line) => (line.report ? reportLine(line, desk) : eventLine(line, desk))));
}

// The ledger's order decides. A report stands where the ledger says it was stored; one the ledger does not show yet, last.
function inOrder(events, reports) {
  const left = new Map(reports.map((report) => [report.report_id, report]));
  const lines = events.filter((event) => !SILENT.has(event.kind)).map((event) => {
    const report = event.kind === "report.stored" ? left.get(event.body?.report_id) : null;
    if (!report) return { at: event.at, event };
    left.delete(report.report_id);
    return { at: event.at, report };
  });
  return [...lines, ...[...left.values()].map((report) => ({ at: report.received_at, report }))];
}

function frame({ nth, at }, kind, ...content) {
  return h("li", { class: `entry ${kind}`, value: nth },
    h("span", { class: "nth" }, `${nth}`), h("time", { datetime: at }, stampOf(at)), h("div", {}, content));
}

function eventLine(line, desk) {
  const { event } = line;
  const kind = event.kind.split(".")[0];
  const reason = event.kind === "incident.regraded" ? null : event.body?.why; // a regrade says it in its own words
  const why = reason ? h("span", { class: "reason" }, word("reason", reason)) : null;
  return frame(line, `${kind} ${event.kind.replace(".", "_")}`, h("b", {}, word("fact", event.kind)), " ", why, " ", h("span", {}, said(event, desk)),
    by(event), event.body?.delayed_minutes ? h("b", { class: "bad-text" }, ` ${t("console.delayed_by_us", { n: event.body.delayed_minutes })}`) : null);
}

// Whoever acted is named; who has it is the one who said so, by herself or through somebody.
function by(event) {
  const name = nameOf(event, "by_name");
  if (!name) return null;
  const told = nameOf(event, "person_name");
  return h("span", { class: "by-whom" }, " ", told && told !== name ? t("console.by_for", { name, told }) : name);
}

// What a fact says in one line; a name where the page knows it, never an identifier.
function said({ kind, body = {} }, desk) {
  const duty = body.obligation?.duty ?? body.obligation;
  if (kind.startsWith("obligation.") && duty) {
    const due = body.obligation.due_at;
    return [word("role", duty.from_role), "→", word("role", duty.to_role), word("medium", duty.medium), word("stage", duty.stage),
      due ? t("console.due_at", { at: stampOf(due) }) : ""].join(" ");
  }
  if (kind === "incident.regraded") {
    return [`${word("grade", body.old)} → ${word("grade", body.new)}`, body.note, decided(body)].filter(Boolean).join(" · ");
  }
  if (kind === "report.forwarded") {
    const copies = body.copied_to?.length ? t("console.copied_to", { list: body.copied_to.map((role) => word("role", role)).join(" ") }) : "";
    return [word("role", body.to_role), copies, word("medium", body.medium), word("stage", body.stage), body.receipt_no, body.received_by].filter(Boolean).join(" · ");
  }
  if (kind.startsWith("alert.")) return alertSaid(kind, body, desk);
  if (kind === "report.refused") return [body.field, body.detail].filter(Boolean).join(" ");
  return body.note ?? (body.stopped_at ? stampOf(body.stopped_at) : "");
}

function alertSaid(kind, body, desk) {
  const alert = desk.detail.alerts.find((one) => one.alert_id === body.alert_id);
  if (kind === "alert.acknowledged") return [word("acknowledge_medium", body.medium), body.note].filter(Boolean).join(" · ");
  const step = body.step ?? body.attempt?.step;
  const post = alert?.steps?.find((one) => one.step === step);
  const channel = body.attempt ? word("channel", body.attempt.channel) : "";
  const nth = step === undefined ? "" : t("console.step", { n: step + 1, round: body.round ?? body.attempt?.round ?? 1 });
  return [nth, nameOf(post, "post_name"), post?.person_name, channel, body.attempt ? detailOf({ ...body.attempt, detail: body.detail ?? "" }) : body.detail].filter(Boolean).join(" ");
}

function reportLine(line, desk) {
  const { report } = line;
  const names = namesFrom(desk.lists, desk.nodes);
  return frame(line, "filed",
    h("details", { dataset: { key: `report-${report.report_id}` } },
      h("summary", {},
        h("b", {}, t("console.report_number", { n: report.number })), " ", word("stage", report.stage), " · ", word("medium", report.medium), " · ",
        word("door", report.door), " · ", nameOf(report, "from_name") || (report.body.source?.unit ?? ""), " ", report.submitted_by_name ? `(${report.submitted_by_name})` : "",
        h("span", { class: "report-title" }, report.title ?? "")),
      reportContent(report.body, names), times(report)),
    report.missing_labels?.length ? h("p", { class: "missing-text" }, `⚠ ${t("console.missing", { list: labelList(report.missing_labels) })}`) : null);
}

// Claimed and judged times side by side: only the judge decides, and the gap is shown.
function times(report) {
  const rows = [
    ["field.occurred_at", report.occurred_at], ["field.known_at", report.known_at], ["console.called_at", report.called_at],
    ["console.received_at", report.received_at], ["console.judged_at", report.judged_at],
  ];
  const gap = report.occurred_at && report.judged_at ? (Date.parse(report.judged_at) - Date.parse(report.occurred_at)) / 1000 : null;
  return h("dl", { class: "content times" },
    rows.filter(([, at]) => at).map(([key, at]) => [h("dt", {}, t(key)), h("dd", {}, stampOf(at))]),
    gap === null ? null : [h("dt", {}, t("console.gap")), h("dd", {}, `${gap < 0 ? "−" : ""}${span(gap)}`)],
    [h("dt", {}, t("console.receipt")), h("dd", {}, report.receipt_no ?? "")]);
}
