// Who owes whom what by when, and under which clause. The strictest limit binds; the others stand with their own times.

import { h } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";
import { span } from "../shared/spans.js";
import { stampOf, timeOf } from "../shared/zone.js";
import { article, flags } from "../shared/clauses.js";
import { duty } from "./top_view.js";
import { whyLink } from "./why_link.js";

const MARKS = { open: "○", met: "✓", late: "△", missed: "✕", waived: "–", disputed: "?" };

export function obligationsTable(obligations) {
  if (!obligations.length) return h("p", { class: "quiet" }, t("console.no_obligations"));
  const order = [...obligations].sort((a, b) => rank(a) - rank(b) || Date.parse(a.due_at) - Date.parse(b.due_at));
  return h("div", { class: "scroll" }, h("table", { class: "obligations" },
    h("thead", {}, h("tr", {}, ["what", "who", "due", "left", "state"].map((name) => h("th", { scope: "col" }, t(`console.col_${name}`))))),
    order.map(rowsOf)));
}

function rank({ state }) {
  return state === "open" ? 0 : 1;
}

function rowsOf(one) {
  return h("tbody", { dataset: { state: one.state, bearsHeat: "", obligation: one.obligation_id } },
    h("tr", {},
      h("th", { scope: "row" }, duty(one)),
      h("td", { class: "parties" }, `${nameOf(one, "from_name") || word("role", one.from_role)} → ${nameOf(one, "to_name") || word("role", one.to_role)}`),
      h("td", { class: "clock" }, stampOf(one.due_at)),
      h("td", { class: "clock" }, leftOrLate(one), " ", whyLink(one, duty(one), "row")),
      h("td", {}, h("span", { class: "verdict", dataset: { state: one.state } }, `${MARKS[one.state] ?? ""} ${word("obligation_state", one.state)}`))),
    h("tr", { class: "why" }, h("td", { colspan: "5" }, why(one))));
}

function leftOrLate(one) {
  if (one.state === "open") return h("b", { dataset: { due: Date.parse(one.due_at) } });
  if (one.state === "met") return one.done_at ? t("console.done_at", { at: timeOf(one.done_at) }) : "";
  if (one.lateness_seconds > 0) return t("console.late_by", { span: span(one.lateness_seconds) });
  return one.reason ? word("reason", one.reason) : "";
}

function why(one) {
  return h("details", { dataset: { key: `why-${one.obligation_id}` } },
    h("summary", {}, t("console.why"), " ", h("span", { class: "quiet" }, short(one.binding))),
    limit(one.binding, t("console.binding")),
    (one.others ?? []).map((other) => limit(other, t("console.other_limit"))),
    h("p", { class: "quiet" }, [
      t("console.opened_at", { at: stampOf(one.opened_at) }),
      one.breached_at ? t("console.breached_at", { at: stampOf(one.breached_at), seen: timeOf(one.detected_at) }) : "",
      one.done_at ? t("console.done_stamp", { at: stampOf(one.done_at) }) : "",
      one.reason ? t("console.reason", { reason: word("reason", one.reason) }) : "",
      one.outage ? outage(one.outage) : "",
    ].filter(Boolean).join(" · ")));
}

function outage(gap) {
  return t("console.outage", { from: stampOf(gap.started_at), to: stampOf(gap.ended_at), cause: word("reason", gap.cause) });
}

function short(limit) {
  return [limit.document, article(limit)].filter(Boolean).join(" ");
}

function limit(one, label) {
  const source = [one.document, one.number, article(one)].filter(Boolean).join(" · ");
  return h("div", { class: "limit" },
    h("p", {}, h("b", {}, label), " ", nameOf(one, "title"), " ", flags(one)),
    h("p", {}, source),
    one.copy_to?.length ? h("p", {}, t("console.copied_to", { list: one.copy_to.map((role) => word("role", role)).join(" ") })) : null,
    h("p", { class: "quiet" }, t("console.limit_facts", {
      due: stampOf(one.due_at), clock: word("clock", one.clock), id: one.id, pack: one.pack, version: one.version,
    })));
}
