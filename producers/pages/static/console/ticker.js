// Every running number on the page: an element with `data-due` (ms) counts down to it, with `data-since` up from it.
// How hot it is stands in `data-heat`, so that style can colour it; the words say it too.

import { serverNow } from "../shared/clock.js";
import { countdown } from "../shared/spans.js";
import { t } from "../shared/texts.js";

const HOT_MS = 5 * 60_000;
const SOON_MS = 15 * 60_000;

export function tickAll(root = document) {
  const now = serverNow();
  for (const element of root.querySelectorAll("[data-due]")) tickOne(element, Number(element.dataset.due) - now);
  for (const element of root.querySelectorAll("[data-since]")) write(element, countdown(now - Number(element.dataset.since)));
}

function tickOne(element, left) {
  const heat = left < 0 ? "over" : left < HOT_MS ? "hot" : left < SOON_MS ? "soon" : "calm";
  if (element.dataset.heat !== heat) {
    element.dataset.heat = heat;
    const bearer = element.closest("[data-bears-heat]");
    if (bearer) bearer.dataset.heat = heat;
  }
  const clock = countdown(left);
  write(element, left < 0 ? t(element.dataset.over ?? "console.over_by", { clock }) : clock);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
