// The record itself: each settled obligation with its due and done times, its verdict and the clause it comes from.

import { article } from "../shared/clauses.js";
import { byId, h } from "../shared/dom.js";
import { span } from "../shared/spans.js";
import { nameOf, t, word } from "../shared/texts.js";
import { stampOf } from "../shared/zone.js";

const COLUMNS = ["incident", "unit", "what", "due_at", "done_at", "outcome", "lateness", "rule"];
const MARKS = { met: "✓", late: "△", missed: "✕", waived: "–", disputed: "?" };

export function showRecord(record) {
  byId("record").hidden = !record.length;
  byId("record-table").replaceChildren(
    h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col" }, t(`timeliness.col_${name}`))))),
    h("tbody", {}, record.map(row)));
}

function row(one) {
  return h("tr", {},
    h("th", { scope: "row", class: "number" }, one.incident_number ?? ""),
    h("td", { class: "text" }, `${nameOf(one, "unit_name") || one.unit} → ${word("role", one.to_role)}`),
    h("td", { class: "text" }, `${word("medium", one.medium)} ${word("stage", one.stage)}`),
    h("td", {}, stampOf(one.due_at)),
    h("td", {}, one.done_at ? stampOf(one.done_at) : "–"),
    h("td", { class: `text verdict ${one.outcome}` }, `${MARKS[one.outcome] ?? ""} ${word("obligation_state", one.outcome)}`),
    h("td", {}, one.lateness_seconds > 0 ? span(one.lateness_seconds) : ""),
    h("td", { class: "text" }, [one.document, article(one)].filter(Boolean).join(" "), " ", h("span", { class: "quiet" }, one.rule ?? "")));
}
