// One click from a countdown to its clauses. A tab of its own: the console goes on listening.

import { h } from "../shared/dom.js";
import { t } from "../shared/texts.js";

const TAB = "jibao-why";

function addressOf(incidentId, obligationId) {
  const place = obligationId ? `#o-${encodeURIComponent(obligationId)}` : "";
  return `/console/why?incident=${encodeURIComponent(incidentId)}${place}`;
}

/** `one` is the obligation that the countdown belongs to, `what` its name. */
export function whyLink(one, what, place) {
  return h("a", {
    class: "why-link", href: addressOf(one.incident_id, one.obligation_id), target: TAB,
    "aria-label": t("why.link_label", { what }), dataset: { key: `why-link-${place}-${one.obligation_id}` },
  }, t("why.link"));
}

export function openWhy(incidentId) {
  if (incidentId) window.open(addressOf(incidentId), TAB);
}
