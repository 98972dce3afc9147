// The strip of unanswered alerts under the bar: it appears by itself and leaves when somebody has answered. Its buttons
// stay the same elements while the words beside them change: a button replaced between press and release loses its click.

import { byId, h } from "../shared/dom.js";
import { t, word } from "../shared/texts.js";
import { gravest, isUnanswered } from "./ranking.js";
import { mayAct } from "./desk.js";
import { tickAll } from "./ticker.js";

const SHOWN = 2;

const items = new Map(); // incident_id → {element, mark}

/** Incidents nobody has answered for, gravest first, then oldest. */
export function unanswered(desk) {
  const open = (desk.overview?.incidents ?? []).filter(isUnanswered);
  return open.sort((a, b) => gravest(a, b) || Date.parse(a.received_at) - Date.parse(b.received_at));
}

export function showStrip(desk, acts) {
  const open = unanswered(desk);
  const shown = open.slice(0, SHOWN);
  const place = byId("strip");
  const wanted = shown.map((incident) => item(incident, acts));
  if (open.length > SHOWN) wanted.push(rest(place, open.length - SHOWN));
  for (const element of [...place.children]) if (!wanted.includes(element)) element.remove();
  wanted.forEach((element, index) => {
    if (place.children[index] !== element) place.insertBefore(element, place.children[index] ?? null);
  });
  const ids = new Set(shown.map((one) => one.incident_id));
  for (const id of items.keys()) if (!ids.has(id)) items.delete(id);
}

function rest(place, count) {
  const line = place.querySelector(":scope > p") ?? h("p", {});
  const text = t("console.more_unanswered", { n: count });
  if (line.textContent !== text) line.textContent = text;
  return line;
}

function item(incident, acts) {
  const { incident_id: id, grade, number, title, alert } = incident;
  const known = items.get(id) ?? framed(id, acts);
  const mark = JSON.stringify([grade, number, title, alert]);
  if (known.mark === mark) return known.element;
  known.mark = mark;
  Object.assign(known.element.dataset, { grade, alert: alert.alert_id });
  known.element.querySelector(".strip-words").replaceChildren(...words(incident));
  tickAll(known.element);
  return known.element;
}

function framed(id, { select, acknowledge }) {
  const element = h("div", { class: "strip-item" }, h("div", { class: "strip-words" }),
    h("button", { type: "button", dataset: { key: `see-${id}` }, onclick: () => select(id) }, t("console.see")),
    mayAct() ? h("button", { type: "button", class: "primary", dataset: { key: `ack-${id}` }, onclick: () => acknowledge(id) }, t("act.acknowledge")) : null);
  items.set(id, { element, mark: "" });
  return items.get(id);
}

function words({ grade, number, title, alert }) {
  return [
    h("strong", {}, `● ${t("console.unanswered")}`),
    h("span", { class: "grade", dataset: { grade } }, word("grade", grade)),
    h("span", { class: "number" }, number),
    h("span", { class: "strip-title" }, title ?? ""),
    h("span", { class: "quiet" }, `${t("console.step", { n: alert.step + 1, round: alert.round ?? 1 })} ${alert.person_name ?? ""}`),
  ];
}
