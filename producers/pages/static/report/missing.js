// What a report still owes, gently. The elements are the server's own data (rules/completeness.py), so that page and
// record ask for the same things.

import { valueAt } from "../shared/fields.js";
import { language } from "../shared/texts.js";

const answer = await fetch(new URL("../elements.json", import.meta.url));
const elements = await answer.json();
const pending = new RegExp(elements.pending, "i");
const texts = Object.values(elements.answers).flat().filter((path) => path.startsWith("details."));

/** [{key, label, path}] in the order to ask; `path` is a field that would answer it. */
export function missing(body) {
  const keys = new Set(elements.demanded[body.stage] ?? []);
  if (body.stage === "first") {
    for (const sector of elements.sectors) {
      const inside = body.category === sector.category || body.category?.startsWith(`${sector.category}.`);
      if (inside) sector.elements.forEach((key) => keys.add(key));
    }
  }
  return [...keys].filter((key) => !isAnswered(body, key)).map((key) => ({ key, label: label(key), path: path(key) }));
}

function isAnswered(body, key) {
  if (key === "category") return Boolean(body.category) && body.category !== "other";
  if (elements.answers[key].some((path) => hasValue(valueAt(body, path)))) return true;
  return key === "casualties" && texts.some((path) => pending.test(valueAt(body, path) ?? ""));
}

function hasValue(value) {
  return value !== null && value !== undefined && value !== "";
}

function label(key) {
  return elements.labels[key][language === "en" ? 1 : 0];
}

function path(key) {
  return elements.answers[key].find((path) => path.startsWith("details.")) ?? elements.answers[key][0];
}
