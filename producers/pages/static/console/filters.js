// What narrows the queue: the search and the facets. Nothing stays hidden by what was looked for earlier.

import { byId } from "../shared/dom.js";
import { change } from "./desk.js";

export function wireFilters(askClosed) {
  const search = byId("search");
  search.addEventListener("input", () => change({ text: search.value }));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    showAll();
    search.blur();
  });
  byId("show-all").addEventListener("click", () => {
    showAll();
    search.focus();
  });
  byId("facets").addEventListener("click", (event) => {
    const facet = event.target.closest("[data-facet]")?.dataset.facet;
    if (facet) change({ facet });
    if (facet === "closed") askClosed();
  });
}

export function showAll() {
  byId("search").value = "";
  change({ text: "", facet: "all" });
}
