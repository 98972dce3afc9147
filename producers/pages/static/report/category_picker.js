// What happened: the commonest as big buttons, everything else by search. Nothing chosen is `other`, never an error.

import { h } from "../shared/dom.js";
import { t, nameOf } from "../shared/texts.js";
import { findCategories } from "../shared/category_words.js";
import { key } from "../shared/signs.js";

const COMMON = [
  "accident.traffic.road", "accident.traffic.expressway", "accident.fire", "accident.work_safety",
  "accident.public_facility.heating", "natural_disaster.flood_drought", "social_security.dispute",
  "public_health.food_safety",
];

/** Puts the picker into `place`; returns {value, choose(id)}; `changed` is called after a choice by hand. */
export function categoryPicker(place, categories, changed) {
  const byName = new Map(categories.map((one) => [one.id, one]));
  const state = { chosen: null };
  const said = h("p", { class: "chosen", "aria-live": "polite" });
  const search = h("input", {
    type: "search", id: "category-search", placeholder: t("report.category_search"), autocomplete: "off",
    oninput: () => list(),
  });
  const found = h("ul", { class: "found" });
  const more = h("details", { class: "more" },
    h("summary", {}, t("report.category_more")),
    h("label", { for: "category-search", class: "hidden-text" }, t("report.category_search")), search, found);
  const grid = h("div", { class: "common" }, COMMON.filter((id) => byName.has(id)).map((id) => button(id, "big")));

  function button(id, kind) {
    const pick = () => choose(state.chosen === id ? null : id, true);
    return h("button", { type: "button", class: kind, dataset: { category: id }, onclick: pick }, shown(id));
  }

  function shown(id) {
    return nameOf(byName.get(id));
  }

  function list() {
    const matches = matching(search.value, categories, byName);
    found.replaceChildren(...matches.map((one) => h("li", {}, button(one.id, depth(one.id)))));
    mark();
  }

  function choose(id, byHand = false) {
    state.chosen = id;
    if (byHand && id && !COMMON.includes(id)) more.open = false;
    mark();
    if (byHand) changed();
  }

  function mark() {
    for (const one of place.querySelectorAll("[data-category]")) {
      one.setAttribute("aria-pressed", String(one.dataset.category === state.chosen));
    }
    said.textContent = state.chosen ? t("report.category_chosen", { name: trail(state.chosen) }) : "";
  }

  function trail(id) {
    const ids = id.split(".").map((_, index, names) => names.slice(0, index + 1).join("."));
    return ids.filter((one) => byName.has(one)).map(shown).join(" › ");
  }

  place.replaceChildren(grid, more, said);
  list();
  return { get value() { return state.chosen ?? "other"; }, choose: (id) => choose(id === "other" ? null : id) };
}

// What the words mean comes first, the likeliest on top; then whatever has them in its name or among its words.
function matching(text, categories, byName) {
  const wanted = key(text);
  const meant = findCategories(text, categories).map((id) => byName.get(id));
  return [...new Set([...meant, ...categories.filter((one) => haystack(one).includes(wanted))])];
}

function haystack({ id, name, name_en, words }) {
  return [id, name, name_en ?? "", ...(words ?? [])].map(key).join(" ");
}

function depth(id) {
  return `depth-${Math.min(2, id.split(".").length - 1)}`;
}
