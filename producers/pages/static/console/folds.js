// What one sender sent beyond what the queue shows at once: counted, named, and listed when somebody asks for it. Nobody's
// hundreds hide another sender's one.

import { get } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { nameOf, t } from "../shared/texts.js";
import { change, desk } from "./desk.js";
import { refresher } from "./refresh.js";

const PAGE = 100;
const MOST = 1000; // what the list route gives at most

const opened = new Map(); // sender → {limit, incidents, more}
const buttons = new Map(); // sender → its elements, kept over redrawings so that a press is never lost

/** The incidents of an opened fold that the list does not show already. */
export function unfolded({ folded }) {
  const shown = new Set(desk.overview.incidents.map((one) => one.incident_id));
  return (opened.get(folded.sender)?.incidents ?? []).filter((one) => !shown.has(one.incident_id));
}

/** The line under the newest of a sender: how many more there are, and the button that lists or folds them. */
export function foldLine({ folded }) {
  const { sender } = folded;
  if (!buttons.has(sender)) buttons.set(sender, lineOf(sender));
  const line = buttons.get(sender);
  const button = line.firstElementChild;
  const words = t("console.folded", { n: folded.count, name: [placeOf(folded), folded.sender_name].filter(Boolean).join(" ") });
  const text = `${opened.has(sender) ? "▾" : "▸"} ${words}`;
  if (button.textContent !== text) button.textContent = text;
  button.setAttribute("aria-expanded", String(opened.has(sender)));
  return line;
}

/** Under an opened fold, where there are still more. */
export function moreLine({ folded }) {
  const fold = opened.get(folded.sender);
  if (!fold?.more || fold.limit >= MOST) return null;
  fold.line ??= h("li", { class: "fold" }, h("button", { type: "button", onclick: () => {
    fold.limit = Math.min(MOST, fold.limit + PAGE);
    refreshFolds();
  } }, t("console.folded_more")));
  return fold.line;
}

/** Ask again for what is opened: the queue has changed. */
export const refreshFolds = refresher(async () => {
  for (const [sender, fold] of opened) {
    const answer = await get(`/api/v1/incidents?state=open&limit=${fold.limit}&sender=${encodeURIComponent(sender)}`);
    Object.assign(fold, { incidents: answer.incidents, more: Boolean(answer.next) });
  }
  change({});
}, (error) => {
  if (error.status === undefined) throw error; // asked again with the next picture
});

export function anyUnfolded() {
  return opened.size > 0;
}

function lineOf(sender) {
  return h("li", { class: "fold" }, h("button", { type: "button", dataset: { fold: sender }, onclick: () => toggle(sender) }));
}

function toggle(sender) {
  if (!opened.delete(sender)) opened.set(sender, { limit: PAGE, incidents: [], more: false });
  if (opened.has(sender)) refreshFolds();
  change({});
}

function placeOf({ node, node_name: name }) {
  return nameOf(desk.nodes.find(({ code }) => code === node)) || name || "";
}
