// The strip of unanswered alerts under the bar: it appears by itself and leaves when somebody has answered.

import { byId, h, swap } from "../shared/dom.js";
import { t, word } from "../shared/texts.js";
import { isUnanswered } from "./ranking.js";
import { mayAct } from "./desk.js";
import { tickAll } from "./ticker.js";

const SHOWN = 2;
const GRAVEST = ["I", "II", "III", "ungraded", "IV", "non_incident"];

/** Incidents nobody has answered for, gravest first, then oldest. */
export function unanswered(desk) {
  const open = (desk.overview?.incidents ?? []).filter(isUnanswered);
  return open.sort((a, b) => GRAVEST.indexOf(a.grade) - GRAVEST.indexOf(b.grade) || Date.parse(a.received_at) - Date.parse(b.received_at));
}

export function showStrip(desk, { select, acknowledge }) {
  const open = unanswered(desk);
  const place = byId("strip");
  swap(place, open.slice(0, SHOWN).map((incident) => item(incident, select, acknowledge)),
    open.length > SHOWN ? h("p", {}, t("console.more_unanswered", { n: open.length - SHOWN })) : null);
  tickAll(place);
}

function item(incident, select, acknowledge) {
  const { incident_id: id, alert } = incident;
  return h("div", { class: "strip-item", dataset: { grade: incident.grade, alert: alert.alert_id } },
    h("strong", {}, `● ${t("console.unanswered")}`),
    h("span", { class: "grade", dataset: { grade: incident.grade } }, word("grade", incident.grade)),
    h("span", { class: "number" }, incident.number),
    h("span", { class: "strip-title" }, incident.title ?? ""),
    h("span", { class: "quiet" }, `${t("console.step", { n: alert.step + 1, round: alert.round ?? 1 })} ${alert.person_name ?? ""}`),
    h("button", { type: "button", dataset: { key: `see-${id}` }, onclick: () => select(id) }, t("console.see")),
    mayAct() ? h("button", { type: "button", class: "primary", dataset: { key: `ack-${id}` }, onclick: () => acknowledge(id) }, t("act.acknowledge")) : null);
}
