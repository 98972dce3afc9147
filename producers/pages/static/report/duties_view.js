// What comes next, in full width: the receipt of what was just sent, then each incident with who has it and what is due,
// the most urgent first, counting down by the server's time.

import { every, serverNow } from "../shared/clock.js";
import { byId, h, phoneLink, swap } from "../shared/dom.js";
import { countdown } from "../shared/spans.js";
import { nameOf, t, word } from "../shared/texts.js";
import { dayOf, stampOf, timeOf } from "../shared/zone.js";
import { isOld } from "./duties.js";

const SHOWN = 3; // a phone shows the form below; the rest opens by one tap

let said = null;

/** Draw; `write(duty)` opens the form for a written duty. */
export function showDuties(known, write) {
  said = known;
  const groups = known.incidents
    .map((incident) => ({ incident, duties: known.duties.filter((duty) => duty.incident_id === incident.incident_id) }))
    .sort((a, b) => dueFirst(a) - dueFirst(b));
  const rows = groups.map((group) => card(group, write));
  byId("duties").hidden = !rows.length;
  swap(byId("duties-list"), rows.slice(0, SHOWN), rows.length > SHOWN ? h("li", {},
    h("details", { dataset: { key: "duties-more" } }, h("summary", {}, t("duties.more", { n: rows.length - SHOWN })), h("ol", {}, rows.slice(SHOWN)))) : null);
  tick();
}

/** Keep the countdowns going. */
export function startDutyClock() {
  every(1000, tick);
}

/** "Received 02:17, receipt …" for the copy that was sent last from this page; nothing before. */
export function showReceipt(copy) {
  const place = byId("receipt");
  place.hidden = !copy;
  if (!copy) return;
  const isIn = copy.state === "accepted" || copy.state === "stored";
  const isBad = copy.state === "refused" || (copy.state === "waiting" && copy.trouble);
  place.className = `receipt ${isIn ? "good" : isBad ? "bad" : ""}`;
  const mark = `${copy.report_id} ${copy.state} ${Boolean(copy.trouble)} ${copy.number}`;
  if (place.dataset.mark === mark) return;
  place.dataset.mark = mark;
  swap(place,
    h("strong", {}, isIn ? t("receipt.received", { at: timeOf(copy.received_at, false) }) : t(isBad ? `receipt.${copy.state}` : "receipt.sending")),
    isIn ? h("span", { class: "number" }, t("receipt.number", { receipt: copy.receipt_no })) : null,
    copy.state === "stored" ? h("span", {}, t("receipt.stored", { number: copy.number ?? "–" })) : null);
}

function dueFirst({ duties }) {
  return Math.min(Number.MAX_SAFE_INTEGER, ...duties.map((duty) => Date.parse(duty.due_at)));
}

function card({ incident, duties }, write) {
  return h("li", { class: "case", dataset: { incident: incident.incident_id } },
    h("p", { class: "case-name" }, h("span", { class: "number" }, incident.number), " ",
      h("b", {}, incident.title || nameOf(incident, "category_name")), " ",
      incident.grade === "ungraded" ? null : h("span", { class: "grade", dataset: { grade: incident.grade } }, word("grade", incident.grade))),
    h("p", { class: incident.acknowledged_at ? "case-taken good-text" : "case-taken quiet" }, taken(incident)),
    duties.length ? h("ul", { class: "case-duties" }, duties.map((duty) => row(duty, write))) : h("p", { class: "quiet" }, t("duties.nothing")));
}

function taken(incident) {
  if (!incident.acknowledged_at) return t("duties.not_taken");
  return t("duties.taken", { name: nameOf(incident, "acknowledged_by_name"), at: near(incident.acknowledged_at) });
}

function row(duty, write) {
  const byPhone = duty.medium === "phone";
  const key = `duty-${duty.obligation_id}`;
  return h("li", { class: "duty", dataset: { due: duty.due_at } },
    h("p", { class: "duty-what" }, t(byPhone ? "duties.phone" : "duties.written", { to: nameOf(duty, "to_name"), stage: word("stage", duty.stage) })),
    h("p", { class: "duty-when" }, h("b", {}, t("duties.before", { at: near(duty.due_at) })), " ", h("span", { class: "left" })),
    byPhone ? phoneLink(duty.to_phone, { class: "button call", dataset: { key }, "aria-label": t("duties.call_label", { phone: duty.to_phone ?? "" }) })
      : h("button", { type: "button", class: "button", dataset: { key }, onclick: () => write(duty) }, t("duties.write")));
}

function tick() {
  if (!said) return;
  const now = serverNow();
  for (const one of byId("duties-list").querySelectorAll("[data-due]")) {
    const left = Date.parse(one.dataset.due) - now;
    one.classList.toggle("over", left < 0);
    one.classList.toggle("soon", left >= 0 && left < 10 * 60_000);
    one.querySelector(".left").textContent = t(left < 0 ? "duties.over" : "duties.left", { span: countdown(left) });
  }
  const old = isOld(said);
  byId("duties-since").hidden = !old;
  if (old) byId("duties-since").textContent = t("duties.since", { at: stampOf(said.heard_at, false) });
}

// The day is said where it is not today.
function near(moment) {
  return dayOf(moment) === dayOf(serverNow()) ? timeOf(moment, false) : stampOf(moment, false);
}
