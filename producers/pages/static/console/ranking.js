// Which incident comes first and what its clocks say. Pure: data and `now` in, order and words out.

const OPEN = "open";
const WORST = ["missed", "late", "disputed", "met", "waived"];

export const SEGMENTS = ["phone", "written", "follow_up", "final"];

/** Which of the four clocks an obligation belongs to. */
export function segmentOf({ stage, medium }) {
  if (stage === "first") return medium === "phone" ? "phone" : "written";
  return stage === "final" ? "final" : "follow_up";
}

/** One clock of an incident: the nearest open obligation, else the worst outcome. Null when nothing is owed. */
export function clockOf(obligations, segment) {
  const mine = obligations.filter((one) => segmentOf(one) === segment);
  if (!mine.length) return null;
  const open = mine.filter((one) => one.state === OPEN).sort(byDue);
  if (open.length) return { state: OPEN, dueAt: open[0].due_at, obligation: open[0], all: mine };
  const state = WORST.find((name) => mine.some((one) => one.state === name)) ?? mine[0].state;
  return { state, obligation: mine.find((one) => one.state === state), all: mine };
}

function byDue(a, b) {
  return Date.parse(a.due_at) - Date.parse(b.due_at);
}

/** When the next thing of this incident is due, in ms; Infinity when nothing is owed. */
export function nextDue(incident) {
  const open = (incident.obligations ?? []).filter((one) => one.state === OPEN);
  return open.length ? Math.min(...open.map((one) => Date.parse(one.due_at))) : Infinity;
}

/** Whether someone is being called and nobody has answered. A reminder calls nobody else, so its silence is no alarm. */
export function isUnanswered({ alert }) {
  return Boolean(alert) && alert.reason !== "obligation_due_soon" && (alert.state === OPEN || alert.state === "exhausted");
}

/** Open, or closed and somebody is called about it again. */
export function isInSight(incident) {
  return incident.state !== "closed" || isUnanswered(incident);
}

/** By time left: what is over first, then what is nearest, then what owes nothing; the graver before the newer; closed ones last. */
export function ranked(incidents) {
  const keyed = incidents.map((one) => ({ one, closed: isInSight(one) ? 0 : 1, due: nextDue(one) }));
  keyed.sort((a, b) => a.closed - b.closed || compare(a.due, b.due) || gravest(a.one, b.one) || newest(a.one, b.one));
  return keyed.map(({ one }) => one);
}

function compare(a, b) {
  return a === b ? 0 : a - b;
}

const GRAVEST = ["I", "II", "III", "ungraded", "IV", "non_incident"];

/** Graver before less grave. */
export function gravest(a, b) {
  return GRAVEST.indexOf(a.grade) - GRAVEST.indexOf(b.grade);
}

function newest(a, b) {
  return Date.parse(b.received_at) - Date.parse(a.received_at);
}

export const FACETS = {
  all: isInSight,
  unanswered: isUnanswered,
  over: (one, now) => nextDue(one) < now,
  ungraded: (one) => one.grade === "ungraded" && one.state !== "closed",
  closed: (one) => one.state === "closed",
};

/** Whether an incident answers to what was typed into the search field. */
export function matches(incident, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return true;
  const { number, title, category_name: zh, category_name_en: en, place_text: place, grade } = incident;
  const hay = [number, title, zh, en, place, grade].join(" ").toLowerCase();
  return wanted.split(/\s+/).every((part) => hay.includes(part));
}

/** All open obligations of open incidents: the nearest to come, and those that are over. */
export function deadlines(incidents, now) {
  const open = incidents.flatMap((incident) =>
    (incident.obligations ?? []).filter((one) => one.state === OPEN).map((one) => ({ incident, one, due: Date.parse(one.due_at) })));
  const coming = open.filter(({ due }) => due >= now);
  const over = open.filter(({ due }) => due < now).sort((a, b) => a.due - b.due);
  const next = coming.reduce((best, item) => (!best || item.due < best.due ? item : best), null);
  return { next, over };
}
