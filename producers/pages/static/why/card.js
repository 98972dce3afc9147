// One duty on one card: what, to whom, by when, the clause that binds, the others, and what stands in the record.

import { h } from "../shared/dom.js";
import { article, flags } from "../shared/clauses.js";
import { span } from "../shared/spans.js";
import { language, nameOf, t, word } from "../shared/texts.js";
import { stampOf, timeOf } from "../shared/zone.js";
import { duty } from "../console/top_view.js";

const MARKS = { open: "○", met: "✓", late: "△", missed: "✕", waived: "–", disputed: "?" };

/** What the rules say now. What is on record binds as it was recorded, and where the two differ both are shown. */
export function card(one) {
  const { recorded } = one;
  const [binding, ...others] = one.limits;
  const differs = recorded && !same(recorded.binding, binding);
  return h("article", { class: "duty-card", id: recorded ? `o-${recorded.obligation_id}` : null, tabindex: "-1", dataset: { state: recorded?.state, bearsHeat: "" } },
    head(one, recorded?.due_at ?? one.due_at, recorded),
    extras(one),
    differs ? clauses(recorded.binding, recorded.others) : clauses(binding, others),
    differs ? now(binding, others) : null);
}

/** What stands in the record and is asked for no more: a slot that has passed, a duty that was waived. */
export function recordedCard(one) {
  return h("article", { class: "duty-card", id: `o-${one.obligation_id}`, tabindex: "-1", dataset: { state: one.state, bearsHeat: "" } },
    head({ ...one, to: one.to_role }, one.due_at, one),
    clauses(one.binding, one.others));
}

/** A limit that asks for nothing, in one line. */
export function silentRow(one) {
  const whose = one.from.map((role) => word("role", role)).join(language === "en" ? ", " : "、");
  return h("li", {},
    h("b", {}, nameOf(one, "title")), " ", flags(one), h("br"),
    h("span", { class: "quiet" }, [source(one), whose, `${one.id} (${one.pack} ${one.version})`].filter(Boolean).join(" · ")),
    one.waits ? h("p", { class: "waits" }, waits(one.reason)) : null);
}

function waits(reason) {
  const [clock, role] = reason.replace("clock_not_started:", "").split("@");
  return role ? t("why.waits_whose", { clock: word("clock", clock), role: word("role", role) }) : t("why.waits", { clock: word("clock", clock) });
}

function same(one, other) {
  return one.pack === other.pack && one.id === other.id && one.version === other.version && Date.parse(one.due_at) === Date.parse(other.due_at);
}

function head(one, dueAt, recorded) {
  const to = nameOf(one, "to_name") || word("role", one.to);
  return h("header", {},
    h("h3", {}, one.from_node ? "" : `${word("role", one.from)}: `, duty(one), " → ", to),
    h("p", { class: "due" }, h("time", { datetime: dueAt }, t("console.due_at", { at: stampOf(dueAt) })), " ",
      recorded?.state === "open" ? h("b", { class: "left", dataset: { due: Date.parse(dueAt) } }) : null),
    h("p", {}, recorded ? verdict(recorded) : h("span", { class: "quiet" }, one.window ? t("why.if_changed") : t("why.not_recorded"))));
}

function verdict(one) {
  const said = [
    one.done_at ? t("console.done_at", { at: stampOf(one.done_at) }) : "",
    one.lateness_seconds > 0 ? t("console.late_by", { span: span(one.lateness_seconds) }) : "",
    one.breached_at ? t("console.breached_at", { at: stampOf(one.breached_at), seen: timeOf(one.detected_at) }) : "",
    one.reason ? word("reason", one.reason) : "",
  ].filter(Boolean).join(" · ");
  return [h("span", { class: "verdict", dataset: { state: one.state } }, `${MARKS[one.state] ?? ""} ${word("obligation_state", one.state)}`), " ", h("span", { class: "quiet" }, said)];
}

function extras(one) {
  const said = [
    one.skip_level ? t("why.skip_level") : "",
    one.copy?.length ? t("why.copy", { list: one.copy.map((role) => word("role", role)).join(language === "en" ? ", " : "、") }) : "",
  ].filter(Boolean);
  return said.length ? h("p", { class: "quiet" }, said.join(" · ")) : null;
}

function clauses(binding, others) {
  return [clause(binding, t("console.binding"), "binding"), others.map((other) => clause(other, t("console.other_limit"), "other"))];
}

// What was born under another version keeps it; whoever asks why should not think that the page is wrong.
function now(binding, others) {
  return h("details", { class: "now", dataset: { key: `now-${binding.pack}-${binding.id}-${binding.due_at}` } },
    h("summary", {}, t("why.now_says", { at: stampOf(binding.due_at), version: binding.version })),
    clauses(binding, others));
}

function clause(one, label, kind) {
  return h("div", { class: `clause ${kind}` },
    h("p", {}, h("span", { class: "label" }, label), " ", h("b", {}, nameOf(one, "title")), " ", flags(one)),
    h("p", {}, source(one)),
    h("p", { class: "quiet" }, t("console.limit_facts", {
      due: stampOf(one.due_at), clock: word("clock", one.clock), id: one.id, pack: one.pack, version: one.version,
    })));
}

function source(one) {
  return [one.document ? t("why.document", { name: one.document }) : "", one.number, article(one)].filter(Boolean).join(" ");
}
