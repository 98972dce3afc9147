// The answer in its parts: who owes what in order of due time, what may follow, what waits, and what does not apply.

import { h } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";
import { card, recordedCard, silentRow } from "./card.js";

export function answerOf(answer) {
  const owed = answer.obligations.filter((one) => !one.window);
  const [inside, outside] = parted(owed, (one) => one.from_node !== null);
  const windows = answer.obligations.filter((one) => one.window);
  const waiting = answer.not_applicable.filter((one) => one.waits);
  const silent = answer.not_applicable.filter((one) => !one.waits);
  return [
    ...(answer.doubtful ?? []).map((one) => h("p", { class: "doubtful", role: "note" }, "⚠ ", nameOf(one, "said"))),
    ...senders(inside, answer.recorded),
    windows.length ? section(t("why.windows"), t("why.windows_mean"), windows.map(card)) : null,
    waiting.length ? section(t("why.waiting"), t("why.waiting_mean"), h("ul", { class: "silent" }, waiting.map(silentRow))) : null,
    outside.length ? folded("outside", t("why.outside", { n: outside.length }), h("p", { class: "quiet" }, t("why.outside_mean")), outside.map(card)) : null,
    silent.length ? folded("silent", t("why.silent", { n: silent.length }), byReason(silent)) : null,
    h("p", { class: "quiet packs" }, t("why.packs", { list: answer.packs.map((one) => `${one.id} ${one.version}`).join(", ") })),
  ].filter(Boolean);
}

function parted(all, test) {
  return [all.filter(test), all.filter((one) => !test(one))];
}

// One part for each node that owes something, the one with the nearest due time first.
function senders(owed, recorded) {
  const parts = new Map();
  const part = (node, name) => {
    if (!parts.has(node)) parts.set(node, { name, cards: [], earlier: [] });
    return parts.get(node);
  };
  for (const one of owed) part(one.from_node, nameOf(one, "from_name")).cards.push(card(one));
  for (const one of recorded) part(one.from_node, nameOf(one, "from_name") || word("role", one.from_role)).earlier.push(one);
  if (!parts.size) return [h("p", { class: "quiet empty" }, t("console.no_obligations"))];
  return [...parts].map(([node, { name, cards, earlier }]) => section(name, "", [
    cards,
    earlier.length ? folded(`earlier-${node}`, t("why.earlier", { n: earlier.length }), earlier.map(recordedCard)) : null,
  ]));
}

function section(title, meaning, content) {
  return h("section", { class: "part" }, h("h2", {}, title), meaning ? h("p", { class: "quiet" }, meaning) : null, content);
}

function folded(key, title, ...content) {
  return h("details", { class: "part", dataset: { key } }, h("summary", {}, title), content);
}

// The reasons that tell most stand first; that other counties have other rules comes last.
const ORDER = ["grade", "tags", "quantities", "conditions", "final_filed", "stopped_before_elapsed", "category", "not_in_force", "draft", "region"];

function byReason(silent) {
  const rank = ([reason]) => (ORDER.includes(reason) ? ORDER.indexOf(reason) : -1);
  return [...grouped(silent)].sort((a, b) => rank(a) - rank(b)).map(([reason, limits]) =>
    h("details", { class: "reason", dataset: { key: `reason-${reason}` } },
      h("summary", {}, `${word("why_not", reason)} `, h("span", { class: "quiet" }, String(limits.length))),
      h("ul", { class: "silent" }, limits.map(silentRow))));
}

function grouped(silent) {
  const found = new Map();
  for (const one of silent) found.set(one.reason, [...(found.get(one.reason) ?? []), one]);
  return found;
}
