// What the console knows now, and who wants to hear of a change. Changes are joined: one drawing for a burst.

export const desk = {
  session: null, lists: null, nodes: [],
  overview: null, closed: [], selected: null, detail: null,
  text: "", facet: "all",
  link: { state: "connecting", sinceServer: null },
};

const listeners = new Set();
let planned = false;

export function onDesk(listener) {
  listeners.add(listener);
}

// A timer and not a frame: a console in a background tab must still say what is waiting.
export function change(values) {
  Object.assign(desk, values);
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    for (const listener of listeners) listener(desk);
  }, 20);
}

const DUTY_ROOM = new Set(["duty_officer", "duty_leader"]);

/** Whether the signed-in person may act; auditors and administrators only read. */
export function mayAct() {
  return DUTY_ROOM.has(desk.session?.person?.role);
}

/** The summary of the selected incident, or null. */
export function selectedSummary() {
  return desk.overview?.incidents.find((one) => one.incident_id === desk.selected) ?? null;
}

/**
 * Alerts of an incident that nobody has acknowledged. Its details may have been asked for a moment before the alert was
 * raised: what the list of incidents shows as calling counts too, unless the details know how it ended.
 */
export function openAlerts(incidentId) {
  const isOpen = (alert) => alert.state === "open" || alert.state === "exhausted";
  const known = desk.detail?.incident.incident_id === incidentId ? desk.detail.alerts : [];
  const shown = desk.overview?.incidents.find((one) => one.incident_id === incidentId)?.alert;
  const isNews = shown && isOpen(shown) && !known.some((one) => one.alert_id === shown.alert_id);
  return [...known.filter(isOpen), ...(isNews ? [shown] : [])];
}
