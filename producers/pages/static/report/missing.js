// What a report still owes, gently. The elements are the server's own data (rules/content.toml), so that page and
// record ask for the same things.

import { valueAt } from "../shared/fields.js";
import { isBeingVerified, isNumber, readNumber } from "../shared/typed.js";
import { language } from "../shared/texts.js";

const answer = await fetch(new URL("../elements.json", import.meta.url));
const { elements, demands, pending: words } = await answer.json();
const pending = new RegExp(words, "i");
const texts = Object.values(elements).flatMap((one) => one.fields).filter((path) => path.startsWith("details."));

/** [{key, label, path}] in the order to ask; `path` is a field that would answer it. */
export function missing(body) {
  const asked = demands.filter((one) => one.stage === body.stage && (!one.categories.length || one.categories.some((prefix) => isWithin(body.category, prefix))));
  const keys = new Set(asked.flatMap((one) => one.elements));
  return [...keys].filter((key) => !isAnswered(body, key)).map((key) => ({ key, label: label(key), path: path(key) }));
}

function isWithin(category, prefix) {
  return category === prefix || Boolean(category?.startsWith(`${prefix}.`));
}

function isAnswered(body, key) {
  const { fields, unless, in_words: inWords } = elements[key];
  if (fields.some((path) => hasValue(readAt(body, path), unless))) return true;
  return inWords && texts.some((path) => pending.test(valueAt(body, path) ?? ""));
}

// Words in a number's field are no number; that they are being verified is an answer.
function readAt(body, path) {
  const said = valueAt(body, path);
  if (typeof said !== "string" || !isNumber(path)) return said;
  return isBeingVerified(said) ? said : readNumber(said, path).value;
}

function hasValue(value, unless) {
  return value !== null && value !== undefined && value !== "" && value.length !== 0 && value !== unless;
}

function label(key) {
  return elements[key][language === "en" ? "title_en" : "title"];
}

function path(key) {
  const { fields } = elements[key];
  return fields.find((path) => path.startsWith("details.")) ?? fields[0];
}
