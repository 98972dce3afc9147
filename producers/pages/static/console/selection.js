// Which incident is shown: the one somebody chose, or the nearest deadline at the start.

import { change, desk } from "./desk.js";
import { shownIncidents } from "./queue_view.js";
import { openDetail } from "./views.js";

export function selection(ask) {
  function choose(id) {
    if (!id) return;
    change(id === desk.selected ? {} : { selected: id, detail: null });
    ask();
  }

  // A narrow screen stays on the queue until somebody chooses.
  function selectFirst() {
    if (!desk.selected) choose(shownIncidents()[0]?.incident_id);
  }

  function select(id) {
    if (!id) return;
    rowOf(id)?.scrollIntoView({ block: "nearest" });
    choose(id);
    openDetail();
  }

  function step(by) {
    const list = shownIncidents();
    const at = list.findIndex((one) => one.incident_id === desk.selected);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (!next) return;
    select(next.incident_id);
    rowOf(next.incident_id)?.focus({ preventScroll: true });
  }

  return { select, selectFirst, step };
}

function rowOf(id) {
  return document.querySelector(`[data-incident="${CSS.escape(id)}"]`);
}
