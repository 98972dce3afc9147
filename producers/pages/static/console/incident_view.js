// The incident in the middle: its facts, what can be done, what is owed, what has happened.

import { byId, h, swap } from "../shared/dom.js";
import { placeName } from "../shared/names.js";
import { nameOf, t, word } from "../shared/texts.js";
import { stampOf } from "../shared/zone.js";
import { casualties } from "../shared/report_content.js";
import { mayAct, openAlerts } from "./desk.js";
import { obligationsTable } from "./obligations_view.js";
import { fullProposal } from "./proposal.js";
import { timeline } from "./timeline_view.js";
import { wordsThatStand } from "./standing_words.js";
import { tickAll } from "./ticker.js";

/** The acts with their keys, in the order of the bar; `when` says whether the act has a meaning now. */
export const ACTS = [
  { name: "acknowledge", key: "a", kind: "primary", when: (incident) => openAlerts(incident.incident_id).length > 0 },
  { name: "on_behalf", key: "A", when: (incident) => openAlerts(incident.incident_id).length > 0 },
  { name: "grade", key: "g", when: isOpen },
  { name: "forward", key: "f", when: () => true },
  { name: "follow_up", key: "u", when: () => true },
  { name: "stop", key: "s", when: (incident) => isOpen(incident) && !incident.stopped_at },
  { name: "close", key: "c", when: isOpen },
  { name: "reopen", key: "o", when: (incident) => !isOpen(incident) },
];

function isOpen(incident) {
  return incident.state !== "closed";
}

let drawn = "";

export function showIncident(desk, acts) {
  const place = byId("detail");
  if (!desk.detail) {
    drawn = "";
    swap(place, h("p", { class: "quiet empty" }, desk.selected ? t("console.loading") : t("console.choose")));
    return;
  }
  const mark = JSON.stringify([desk.detail, mayAct()]);
  if (mark === drawn) return;
  drawn = mark;
  const { incident } = desk.detail;
  const isAnother = place.dataset.shows !== incident.incident_id;
  place.dataset.shows = incident.incident_id;
  swap(place,
    head(incident, desk.detail.reports),
    mayAct() ? actionBar(incident, acts) : null,
    facts(incident, desk.detail.reports ?? [], desk),
    section("obligations", t("console.obligations"), obligationsTable(desk.detail.obligations)),
    section("timeline", t("console.timeline"), timeline(desk)));
  if (isAnother) place.scrollTop = 0;
  tickAll(place);
}

// What came in after somebody had closed it: it may not have been over.
function afterClosing({ closed_at: closedAt }, reports) {
  const later = closedAt ? reports.filter((one) => Date.parse(one.received_at) > Date.parse(closedAt)) : [];
  if (!later.length) return null;
  return h("p", { class: "notice bad" }, `⚠ ${t("console.after_closing", { n: later.length, at: stampOf(later.at(-1).received_at) })}`);
}

function head(incident, reports) {
  return h("header", { class: "incident-head" },
    h("p", {},
      h("span", { class: "grade", dataset: { grade: incident.grade } }, word("grade", incident.grade)), " ",
      h("span", { class: "number" }, incident.number), " ",
      h("span", { class: `state ${incident.state}` }, word("incident_state", incident.state)),
      incident.close_reason ? h("span", { class: "quiet" }, ` ${word("reason", incident.close_reason)}`) : null),
    fullProposal(incident),
    afterClosing(incident, reports),
    h("h2", {}, incident.title || t("console.untitled")));
}

function actionBar(incident, acts) {
  const useless = isOpen(incident) ? "reopen" : "close";
  return h("div", { class: "acts", role: "toolbar", "aria-label": t("console.acts") }, ACTS.filter(({ name }) => name !== useless).map(({ name, key, kind, when }) =>
    h("button", {
      type: "button", class: kind ?? "", disabled: !when(incident), "aria-keyshortcuts": key === "A" ? "Shift+A" : key,
      dataset: { act: name, key: `act-${name}` }, onclick: () => acts[name](),
    }, t(`act.${name}`), " ", h("kbd", {}, key === "A" ? "Shift+A" : key))));
}

function facts(incident, reports, desk) {
  const unread = wordsThatStand(reports);
  const rows = [
    [t("field.category"), nameOf(incident, "category_name")],
    [t("report.where"), [placeName(desk.nodes, incident.division), incident.place_text].filter(Boolean).join(" ")],
    [t("field.occurred_at"), doubted(incident, "occurred_at")],
    [t("field.known_at"), doubted(incident, "known_at")],
    [t("console.received_at"), stampOf(incident.received_at)],
    [t("console.graded_at"), stampOf(incident.graded_at)],
    [t("console.stopped_at"), stampOf(incident.stopped_at)],
    [t("console.closed_at"), stampOf(incident.closed_at)],
    [t("report.tags"), (incident.tags ?? []).map((tag) => word("tag", tag)).join(" · ")],
    [t("console.quantities"), quantities(incident.quantities ?? {})],
    [t("report.casualties"), casualties(incident.quantities ?? {}, { unread }), "whole"],
    [t("console.unread_words"), otherThanHarm(unread), "whole unread"],
  ];
  const always = new Set([t("field.occurred_at"), t("report.where")]);
  return h("dl", { class: "facts" }, rows.filter(([label, text]) => text || always.has(label)).map(([label, text, kind]) =>
    h("div", { class: kind }, h("dt", {}, label), h("dd", {}, text || h("span", { class: "missing-text" }, t("unknown"))))));
}

function otherThanHarm(unread) {
  const rest = Object.entries(unread).filter(([path]) => !path.startsWith("casualties."));
  return rest.map(([path, words]) => `${word("field", path)} ${t("typed.quoted", { words })}`).join(" · ");
}

// A claimed time that does not count says so, with its year: most often it is the year that is wrong.
function doubted(incident, name) {
  const at = incident[name];
  if (!at || !(incident.doubtful_times ?? []).includes(name)) return stampOf(at);
  return t("console.doubtful_time", { at: `${new Date(at).getFullYear()}-${stampOf(at)}` });
}

const HARM = new Set(["deaths", "missing", "serious_injuries", "injuries", "trapped", "evacuated"]);

function quantities(values) {
  const rest = Object.entries(values).filter(([name, value]) => !HARM.has(name) && value !== null);
  return rest.map(([name, value]) => `${word("field", `quantities.${name}`)} ${value}`).join(" · ");
}

function section(name, title, content) {
  return h("section", { class: `part ${name}`, "aria-labelledby": `${name}-title` }, h("h3", { id: `${name}-title` }, title), content);
}
