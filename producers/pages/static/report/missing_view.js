// The gentle list of what is still missing: one tap goes to the field, one tap says that it is being verified.

import { byId, h, swap } from "../shared/dom.js";
import { t } from "../shared/texts.js";
import { markPending } from "./form.js";
import { missing } from "./missing.js";

// Fields that no name leads to: the picker and the groups.
const SPOTS = { category: "category", casualties: "casualties.deaths", place: "place-text", exact_place: "place-text", what: "title" };

export function showMissing(form, body, changed) {
  const items = missing(body);
  byId("missing").hidden = !items.length;
  swap(byId("missing-list"), items.map((item) => h("li", {},
    h("button", { type: "button", class: "link", dataset: { key: `go-${item.key}` }, onclick: () => go(form, item) }, item.label),
    canWait(item) ? h("button", {
      type: "button", class: "chip", dataset: { key: `wait-${item.key}` }, "aria-label": `${item.label}: ${t("report.pending")}`,
      onclick: () => {
        markPending(form, item.key === "casualties" ? "casualties" : item.path);
        changed();
      },
    }, t("report.pending")) : null)));
}

// Only a text can say "being verified"; a number or a time stays empty, which already says unknown.
function canWait({ key, path }) {
  return key === "casualties" || (path.startsWith("details.") && key !== "what");
}

function go(form, { key, path }) {
  const field = byId(SPOTS[key] ?? "") ?? form.elements[path];
  const target = field?.matches?.("input, textarea, select") ? field : field?.querySelector("button");
  target?.closest("details")?.setAttribute("open", "");
  target?.focus();
}
