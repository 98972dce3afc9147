// What the check said: each problem on one line; or the difference to the version in force, and 90 days tried anew.

import { byId, h } from "../shared/dom.js";
import { language, nameOf, t, word } from "../shared/texts.js";
import { stampOf } from "../shared/zone.js";

export function showChecked(said) {
  const place = byId("checked");
  place.replaceChildren(...(said.sound ? sound(said) : problems(said.problems)));
  place.hidden = false;
}

function problems(found) {
  return [
    h("h2", {}, t("packs.problems", { n: found.length })),
    h("p", { class: "notice bad" }, t("packs.problems_mean")),
    h("ol", { class: "problems" }, found.map((one) => h("li", {}, one.line))),
  ];
}

function sound({ pack, remarks, changes, dry_run: tried }) {
  return [
    h("h2", {}, t("packs.step_2")),
    h("p", { class: "notice good" }, t("packs.sound", { id: pack.pack_id, version: pack.version, n: pack.limits })),
    ...(remarks.length ? [h("h3", {}, t("packs.remarks", { n: remarks.length })), h("p", { class: "quiet" }, t("packs.remarks_mean")),
      h("ol", { class: "problems remarks" }, remarks.map((one) => h("li", {}, one.line)))] : []),
    h("h3", {}, t("packs.changes", { n: changes.length })),
    changes.length ? h("div", { class: "changes" }, changes.map(change)) : h("p", { class: "quiet" }, t("packs.no_changes")),
    h("h3", {}, t("packs.tried")),
    ...dryRun(tried),
  ];
}

function change(one) {
  const title = (language === "en" && one.title_en) || one.title;
  return h("details", { class: "change", open: one.kind === "changed" },
    h("summary", {}, h("b", {}, t(`packs.kind_${one.kind}`)), ` ${title} `, h("span", { class: "quiet" }, one.limit ?? one.pack), " ", direction(one.direction)),
    h("div", { class: "scroll" }, h("table", {},
      h("thead", {}, h("tr", {}, ["key", "before", "after", "direction"].map((name) => h("th", { scope: "col" }, t(`packs.col_${name}`))))),
      h("tbody", {}, one.differences.map((each) => h("tr", {},
        h("th", { scope: "row" }, each.key), h("td", {}, each.old ?? "–"), h("td", {}, each.new ?? "–"), h("td", {}, direction(each.direction))))))));
}

function direction(said) {
  return h("span", { class: "flag", dataset: { direction: said } }, word("direction", said));
}

const SHIFTS = ["earlier", "later", "new", "gone", "would_be_late"];

function dryRun(tried) {
  const lead = t(tried.all ? "packs.tried_lead" : "packs.tried_lead_newest", { n: tried.incidents, m: tried.touched });
  if (!tried.units.length) return [h("p", { class: "quiet" }, lead)];
  const head = h("tr", {}, h("th", { scope: "col" }, t("packs.col_unit")), SHIFTS.map((name) => h("th", { scope: "col" }, t(`packs.col_${name}`))));
  return [
    h("p", {}, lead),
    h("div", { class: "scroll" }, h("table", { class: "numbers" }, h("thead", {}, head), h("tbody", {}, tried.units.map((one) => h("tr", {},
      h("th", { scope: "row" }, `${nameOf(one)} · ${word("stage", one.stage)}`),
      SHIFTS.map((name) => h("td", { class: name === "would_be_late" && one[name] ? "bad-text" : "" }, String(one[name])))))))),
    h("details", {}, h("summary", {}, t("packs.examples", { n: tried.examples.length })), h("ul", { class: "silent" }, tried.examples.map(example))),
  ];
}

function example(one) {
  const due = (planned) => (planned ? `${stampOf(planned.due_at, false)} (${planned.limit})` : "–");
  return h("li", {}, h("b", {}, one.incident_number), ` ${one.title} · ${nameOf(one)} → ${word("role", one.to_role)} · ${word("medium", one.medium)} ${word("stage", one.stage)}`,
    h("p", {}, `${due(one.before)} → ${due(one.after)} `, h("span", { class: "flag" }, t(`packs.col_${one.shift}`)), " ",
      one.would_be_late ? h("b", { class: "bad-text" }, t("packs.col_would_be_late")) : null));
}
