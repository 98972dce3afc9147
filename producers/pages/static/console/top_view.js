// The bar that never leaves: what is due next, who is on duty, whether the system takes reports, what time it is.

import { byId, h, phoneLink, swap } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";
import { rate, serverNow } from "../shared/clock.js";
import { countdown, percent, span } from "../shared/spans.js";
import { dayOf, timeOf } from "../shared/zone.js";
import { pictureAge } from "./freshness.js";
import { deadlines } from "./ranking.js";
import { whyLink } from "./why_link.js";

const CLOCK_SILENT_MS = 30_000;

export function showTop(desk, select) {
  if (!desk.overview) return;
  showNext(desk, select);
  showDuty(desk.overview.on_duty ?? []);
  showRatio(desk.overview.timeliness);
}

let drawnNext = "";

// Drawn anew only when it says something else: a button that is replaced between press and release loses its click.
export function showNext(desk, select) {
  const { next, over } = deadlines(desk.overview.incidents, serverNow());
  const mark = JSON.stringify([next?.one, next?.incident.number, over.length, over[0]?.one, over[0]?.incident.number]);
  if (mark === drawnNext) return next?.due ?? Infinity;
  drawnNext = mark;
  swap(byId("next"), next ? nextButton(next, select) : h("p", { class: "calm" }, t("console.nothing_due")),
    next ? whyLink(next.one, duty(next.one), "next") : null,
    over.length ? h("div", { class: "over" }, overButton(over, select), whyLink(over[0].one, duty(over[0].one), "over")) : null);
  return next?.due ?? Infinity;
}

function nextButton({ incident, one, due }, select) {
  return h("button", { type: "button", class: "next-deadline", dataset: { key: "next", bearsHeat: "" }, onclick: () => select(incident.incident_id) },
    h("span", { class: "label" }, t("console.next_deadline")),
    h("span", { class: "big", dataset: { due } }),
    h("span", { class: "what" }, h("b", {}, incident.number), " ", duty(one),
      h("span", { class: "by" }, `${nameOf(one, "from_name")} → ${nameOf(one, "to_name")}`)));
}

function overButton(over, select) {
  const [{ incident, one, due }] = over;
  return h("button", { type: "button", class: "over-list", dataset: { key: "over" }, onclick: () => select(incident.incident_id) },
    h("b", {}, `⚠ ${t("console.over_count", { n: over.length })}`),
    h("span", {}, `${incident.number} ${duty(one)} `, h("span", { dataset: { due } })));
}

/** `书面 首报` */
export function duty({ stage, medium, occurrence }) {
  const nth = occurrence > 1 ? ` ${t("console.nth", { n: occurrence })}` : "";
  return `${medium === "any" ? "" : `${word("medium", medium)} `}${word("stage", stage)}${nth}`;
}

// The posts that change hands stand in the bar; who is always the same stands on the ladder.
function showDuty(posts) {
  const turns = posts.filter((one) => one.until);
  const people = turns.length ? turns : posts.slice(0, 2);
  swap(byId("duty"), people.length ? h("dl", {}, people.map(onDuty)) : h("p", { class: "bad-text" }, `⚠ ${t("console.nobody_on_duty")}`));
}

function onDuty(one) {
  const next = one.next_name ? t("console.duty_next", { at: one.until ? timeOf(one.until, false) : "", name: one.next_name }) : "";
  const empty = h("b", { class: "bad-text" }, `⚠ ${t("console.nobody")}`);
  return h("div", {},
    h("dt", {}, nameOf(one, "post_name")),
    h("dd", {}, one.name ? h("b", {}, one.name) : empty, " ", phoneLink(one.phone), h("small", {}, next)));
}

function showRatio(timeliness) {
  if (!timeliness) return;
  byId("ratio").textContent = `${t("nav.timeliness")} ${percent(timeliness)}`;
}

/** Lamps with words: red never stands alone. */
export function showHealth(desk, tick) {
  const said = { ...desk.overview?.health, ...tick };
  const seen = said.clock_seen_at ? serverNow() - Date.parse(said.clock_seen_at) : null;
  const lamps = [
    picture(),
    lamp("broker", said.broker, said.broker ? t("console.ok") : t("console.down")),
    lamp("database", said.database, said.database ? t("console.ok") : t("console.down")),
  ];
  // A door that does not know says nothing about the clock, rather than something false.
  if (seen !== null) {
    const good = seen < CLOCK_SILENT_MS * Math.max(1, rate());
    lamps.push(lamp("clock", good, t("console.ago", { span: span(Math.max(0, seen / 1000)) })));
  }
  if (said.intake_waiting > 0) lamps.push(lamp("intake", said.intake_waiting < 100, String(said.intake_waiting)));
  if (said.relay_lag_seconds > 2) lamps.push(lamp("relay", said.relay_lag_seconds < 10, span(said.relay_lag_seconds)));
  swap(byId("health"), lamps);
}

function picture() {
  const { age, fresh } = pictureAge();
  const text = fresh ? t("console.picture_now") : age === null ? t("console.loading") : t("console.picture_old", { span: span(age / 1000) });
  return lamp("picture", fresh, text);
}

function lamp(name, good, text) {
  return h("li", { class: good ? "good" : "bad", dataset: { lamp: name } },
    h("span", { "aria-hidden": "true" }, good ? "●" : "✕"), " ", t(`console.lamp_${name}`), " ", h("b", {}, text));
}

export function showTime() {
  const now = serverNow();
  const fast = rate() === 1 ? "" : ` ×${rate()}`;
  const text = `${dayOf(now)} ${timeOf(now)}${fast}`;
  const place = byId("server-time");
  if (place.textContent !== text) place.textContent = text;
}

export function showConnection({ state, sinceServer }) {
  const place = byId("connection");
  const lost = state === "lost";
  const text = lost ? t("console.lost_short") : t(`console.link_${state}`);
  const mark = `${lost ? "✕" : state === "connected" ? "●" : "…"} ${text}`;
  if (place.textContent !== mark) place.textContent = mark;
  place.className = `connection ${state}`;
  showLost(lost, sinceServer);
}

// The sentence is an alert and is read out once; the running seconds beside it are not.
function showLost(lost, sinceServer) {
  const bar = byId("lost");
  if (!lost) {
    bar.hidden = true;
    bar.replaceChildren();
    return;
  }
  if (bar.hidden) {
    bar.replaceChildren(
      h("strong", {}, `✕ ${t("console.lost", { at: timeOf(sinceServer) })}`),
      h("span", { class: "seconds", "aria-hidden": "true" }), h("span", {}, t("console.lost_means")));
    bar.hidden = false;
  }
  bar.querySelector(".seconds").textContent = t("console.lost_for", { clock: countdown(serverNow() - sinceServer) });
}
