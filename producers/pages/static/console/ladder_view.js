// The ladder: whom we tell, in which order, what each channel honestly answered, and who said "I have it".

import { byId, h, phoneLink, swap } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";
import { stampOf, timeOf } from "../shared/zone.js";
import { isUnanswered } from "./ranking.js";
import { tickAll } from "./ticker.js";

const MARKS = { pending: "…", sending: "…", delivered: "✓", failed: "✕", uncertain: "?" };

let drawn = "";

export function showLadder(desk) {
  const place = byId("ladder");
  const alerts = desk.detail?.alerts ?? [];
  const mark = JSON.stringify([alerts, desk.selected]);
  if (mark === drawn) return;
  drawn = mark;
  const order = [...alerts].sort((a, b) => rank(a) - rank(b) || Date.parse(b.raised_at) - Date.parse(a.raised_at));
  swap(place, h("h2", { id: "ladder-title" }, t("console.ladder")),
    order.length ? order.map((alert, index) => ladder(alert, index)) : h("p", { class: "quiet" }, t("console.no_alerts")));
  tickAll(place);
}

function rank(alert) {
  return isUnanswered({ alert }) ? 0 : 1;
}

function stateOf({ reason, state }) {
  return reason === "obligation_due_soon" && state === "open" ? "reminder" : state;
}

function ladder(alert, index) {
  const open = rank(alert) === 0;
  const head = h("span", {}, h("b", {}, word("reason", alert.reason)), " ", h("time", { datetime: alert.raised_at }, stampOf(alert.raised_at)));
  return h("details", { class: `climb ${stateOf(alert)}`, open: index === 0 || open, dataset: { key: `alert-${alert.alert_id}`, alert: alert.alert_id } },
    h("summary", {}, head, h("span", { class: `alert-state ${stateOf(alert)}` }, word("alert_state", stateOf(alert)))),
    answer(alert, open),
    h("ol", { class: "steps" }, (alert.steps ?? []).map((step) => stepOf(step, alert, open))));
}

function answer(alert, open) {
  if (alert.acknowledged_at) {
    return h("p", { class: "good-text" }, `✓ ${t("console.acknowledged_by", { name: alert.acknowledged_by_name ?? "", at: stampOf(alert.acknowledged_at) })}`,
      alert.note ? h("q", {}, alert.note) : null);
  }
  if (!open) return null;
  if (alert.state === "exhausted") {
    return h("p", { class: "bad-text" }, `⚠ ${t("console.exhausted")} `, alert.next_at ? h("span", { dataset: { due: Date.parse(alert.next_at), over: "console.escalating" } }) : null);
  }
  return alert.next_at ? h("p", {}, t("console.escalates_in"), " ", h("b", { class: "clock", dataset: { due: Date.parse(alert.next_at), over: "console.escalating" } })) : null;
}

function stepOf(step, alert, open) {
  const now = open && step.step === alert.step;
  const attempts = (alert.attempts ?? []).filter((one) => one.step === step.step);
  const place = now ? "now" : attempts.length ? "past" : "coming";
  return h("li", { class: `step ${place}`, "aria-current": now ? "step" : null },
    h("p", { class: "step-head" },
      h("span", { class: "nth" }, String(step.step + 1)), h("b", {}, nameOf(step, "post_name") || step.post), " ",
      step.person_name ?? h("span", { class: "bad-text" }, t("console.nobody")), " ", phoneLink(step.phone)),
    h("p", { class: "quiet" }, now ? `▶ ${t("console.step_now")} · ` : "", step.wait_minutes ? t("console.wait", { n: step.wait_minutes }) : ""),
    attempts.length ? h("ul", { class: "attempts" }, attempts.map(attempt)) : null);
}

function attempt(one) {
  const round = one.round > 1 ? ` ${t("console.round", { n: one.round })}` : "";
  const why = one.reason ? ` · ${word("reason", one.reason)}` : "";
  return h("li", { class: `attempt ${one.state}` },
    h("span", { class: "mark", "aria-hidden": "true" }, MARKS[one.state] ?? "…"),
    ` ${word("channel", one.channel)} ${word("attempt_state", one.state)}${why}${round} `,
    h("time", { datetime: one.answered_at ?? one.sent_at ?? one.raised_at }, timeOf(one.answered_at ?? one.sent_at ?? one.raised_at)),
    one.person_name ? h("span", { class: "quiet" }, ` ${one.person_name}`) : null,
    one.detail ? h("span", { class: "quiet" }, ` ${detailOf(one)}`) : null);
}

/** What a channel said besides; the console says on how many screens it was shown. */
export function detailOf({ channel, detail }) {
  return channel === "console" && /^\d+$/.test(detail) ? t("console.shown_on", { n: detail }) : detail;
}
