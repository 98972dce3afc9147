// The queue: what has least time left stands on top. Rows are kept by incident, so that a burst redraws only what
// changed and the keyboard never loses its place. Only the top is drawn: six thousand incidents must not freeze a page.

import { byId, h } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";
import { serverNow } from "../shared/clock.js";
import { timeOf } from "../shared/zone.js";
import { foldLine, moreLine, unfolded } from "./folds.js";
import { briefProposal } from "./proposal.js";
import { clockOf, FACETS, isUnanswered, matches, ranked, SEGMENTS } from "./ranking.js";
import { tickAll } from "./ticker.js";

const DRAWN = 200;
const MARKS = { open: "", met: "✓", late: "△", missed: "✕", waived: "–", disputed: "?" };

const rows = new Map(); // incident_id → {element, mark}
let shown = [];

/** The incidents in the order they stand on the screen. */
export function shownIncidents() {
  return shown;
}

export function showQueue(desk, select) {
  if (!desk.overview) return;
  const now = serverNow();
  const found = [...desk.overview.incidents, ...closedToo(desk)].filter((one) => matches(one, desk.text));
  showFacets(desk, found, now);
  const order = ranked(found.filter((one) => FACETS[desk.facet](one, now)));
  const place = byId("queue");
  const wanted = [];
  shown = [];
  const put = (incident) => {
    shown.push(incident);
    wanted.push(row(incident, desk.selected === incident.incident_id, select));
  };
  for (const incident of order.slice(0, DRAWN)) {
    put(incident);
    if (!incident.folded) continue;
    wanted.push(foldLine(incident));
    unfolded(incident).forEach(put);
    wanted.push(moreLine(incident));
  }
  arrange(place, wanted.filter(Boolean));
  forgetOthers();
  showFilter(desk, order.length);
  const total = (desk.overview.incident_count ?? 0) - desk.overview.incidents.length;
  const more = Math.max(0, order.length - DRAWN) + Math.max(0, total);
  byId("queue-more").textContent = !order.length ? t("console.queue_empty") : more ? t("console.queue_more", { n: more }) : "";
}

// The overview holds open incidents; closed ones are fetched when somebody looks for them.
function closedToo({ overview, closed }) {
  const there = new Set(overview.incidents.map((one) => one.incident_id));
  return closed.filter((one) => !there.has(one.incident_id));
}

// Move only what stands in the wrong place: moving an element would drop its focus.
function arrange(place, wanted) {
  const keep = new Set(wanted);
  for (const element of [...place.children]) if (!keep.has(element)) element.remove();
  wanted.forEach((element, index) => {
    if (place.children[index] !== element) place.insertBefore(element, place.children[index] ?? null);
  });
}

function forgetOthers() {
  const ids = new Set(shown.map((one) => one.incident_id));
  for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
}

function row(incident, isSelected, select) {
  const mark = JSON.stringify(incident);
  let known = rows.get(incident.incident_id);
  if (!known) {
    known = { element: h("li", {}, h("button", { type: "button", class: "row", onclick: () => select(incident.incident_id) })), mark: "" };
    rows.set(incident.incident_id, known);
  }
  const button = known.element.firstElementChild;
  if (known.mark !== mark) {
    known.mark = mark;
    button.replaceChildren(...content(incident).filter(Boolean));
    button.dataset.incident = incident.incident_id;
    button.classList.toggle("unanswered", isUnanswered(incident));
    button.classList.toggle("closed", incident.state === "closed");
    tickAll(button);
  }
  button.setAttribute("aria-current", String(isSelected));
  return known.element;
}

function content(incident) {
  const where = [nameOf(incident, "category_name"), incident.place_text].filter(Boolean).join(" · ");
  return [
    h("span", { class: "line" },
      h("span", { class: "grade", dataset: { grade: incident.grade } }, word("grade", incident.grade)),
      briefProposal(incident),
      h("span", { class: "number" }, incident.number),
      incident.state === "closed" ? h("span", { class: "quiet" }, word("incident_state", "closed")) : null,
      incident.alert?.reason === "report_after_closing" ? h("span", { class: "bad-text" }, word("reason", "report_after_closing")) : null,
      isUnanswered(incident) ? h("span", { class: "unanswered-mark" }, `● ${t("console.unanswered")}`) : null),
    h("span", { class: "row-title" }, incident.title || t("console.untitled")),
    h("span", { class: "where" }, where),
    incident.obligations ? h("span", { class: "segments" }, SEGMENTS.map((name) => segment(name, clockOf(incident.obligations, name)))) : nextOnly(incident),
    ladderLine(incident.alert),
    whoHasIt(incident.alert),
  ];
}

// A row that was listed and not in the overview knows its nearest limit only.
function nextOnly({ next_due_at: due }) {
  return due ? h("span", { class: "where" }, t("console.next_deadline"), " ", h("b", { dataset: { due: Date.parse(due), over: "console.over_short" } })) : null;
}

function segment(name, clock) {
  const label = t(`console.segment_${name}`);
  if (!clock) return h("span", { class: "segment none" }, h("span", { class: "name" }, label), h("span", { class: "value" }, "·"));
  const value = clock.state === "open"
    ? h("span", { class: "value", dataset: { due: Date.parse(clock.dueAt), over: "console.over_short" } })
    : h("span", { class: "value" }, `${MARKS[clock.state]} ${word("short_state", clock.state)}`);
  return h("span", { class: "segment", dataset: { state: clock.state, bearsHeat: "" } }, h("span", { class: "name" }, label), value);
}

function ladderLine(alert) {
  if (!isUnanswered({ alert })) return null;
  const step = t("console.step", { n: alert.step + 1, round: alert.round ?? 1 });
  return h("span", { class: "ladder-line" },
    `↥ ${step} ${alert.person_name ?? ""}`,
    alert.next_at ? [" · ", t("console.escalates_in"), " ", h("span", { dataset: { due: Date.parse(alert.next_at), over: "console.escalating" } })] : null);
}

function whoHasIt(alert) {
  if (!alert?.acknowledged_at) return null;
  const said = { name: nameOf(alert, "acknowledged_by_name"), at: timeOf(alert.acknowledged_at, false) };
  return h("span", { class: "has-it" }, `✓ ${t("console.has_it", said)}`);
}

// Whoever sees few rows must see why: what is looked for stands over them until it is taken away.
function showFilter({ text, facet, overview }, found) {
  const wanted = [text.trim() ? `“${text.trim()}”` : "", facet === "all" ? "" : t(`console.facet_${facet}`)].filter(Boolean).join(" · ");
  const place = byId("filtered");
  place.hidden = !wanted;
  const said = wanted ? t("console.filtered", { what: wanted, n: found, all: overview.incident_count ?? overview.incidents.length }) : "";
  if (place.firstElementChild.textContent !== said) place.firstElementChild.textContent = said;
}

function showFacets(desk, found, now) {
  const place = byId("facets");
  for (const name of Object.keys(FACETS)) {
    let button = place.querySelector(`[data-facet="${name}"]`);
    if (!button) {
      button = h("button", { type: "button", class: "chip", dataset: { facet: name } });
      place.append(button);
    }
    const count = found.reduce((sum, one) => sum + (FACETS[name](one, now) ? 1 : 0), 0);
    button.textContent = `${t(`console.facet_${name}`)}${name === "closed" && !count ? "" : ` ${count}`}`;
    button.setAttribute("aria-pressed", String(desk.facet === name));
    button.classList.toggle("hot", count > 0 && (name === "unanswered" || name === "over"));
  }
}
