// Signs: what is invisible is taken out, what is full-width is folded. The same in Python: rules/typed/signs.py.

import { table } from "./typed_table.js";

const { signs } = table;
const INVISIBLE = classOf(signs.invisible, "+");
const CONTROLS = classOf(signs.controls, "+");
const LONE = /[\ud800-\udfff]/gu;

function classOf(ranges, times) {
  const parts = ranges.map((one) => one.split("-").map((hex) => `\\u{${hex}}`).join("-"));
  return new RegExp(`[${parts.join("")}]${times}`, "gu");
}

function storable(text) {
  return text.replace(CONTROLS, "").replace(LONE, "\ufffd");
}

/** One form for comparing: NFKC, nothing invisible, lower case, no space at the ends. */
export function fold(text) {
  return storable(text).replace(INVISIBLE, "").normalize("NFKC").toLowerCase().trim();
}

/** `fold` without any space: the form in which names are looked up. */
export function key(text) {
  return fold(text).replace(/\s+/gu, "");
}

/** One line for people: nothing invisible, single spaces, digits and Latin letters half-width. */
export function line(text) {
  const plain = storable(text).replace(INVISIBLE, "");
  const narrow = plain.replace(/[０-９Ａ-Ｚａ-ｚ]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  return narrow.replace(/\s+/gu, " ").trim();
}

/** What a telephone dials: digits and a leading +, a pause before an extension; the first of several. */
export function dial(phone) {
  const [said] = fold(phone).split(/[;；/、]|(?<=[0-9]{7})\s*(?:,|或|or)\s*(?=[+0-9])|(?<=[0-9]{7})\s+(?=[+01])/u);
  const [number, ...rest] = split(said, /转|分机|ext\.?|extension|x|#|,/u);
  const inner = number.includes("+") ? number.replace(/\(0+\)/gu, "") : number;
  const plus = /^[^0-9]*\+/u.test(inner) ? "+" : "";
  const digits = inner.replace(/[^0-9]/gu, "");
  const further = (rest[0] ?? "").replace(/[^0-9]/gu, "");
  return `${plus}${digits}${further && digits ? `,${further}` : ""}`;
}

function split(text, mark) {
  const found = mark.exec(text);
  return found ? [text.slice(0, found.index), text.slice(found.index + found[0].length)] : [text];
}
