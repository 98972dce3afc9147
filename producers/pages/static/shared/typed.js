// Numbers as people type them: 3人, 约10, 1.2万, 十二, 1小时30分. The server reads what is sent once more and decides; this
// shows at once how it will be read. The same algorithm in Python: rules/typed/number.py; one file of cases runs through both.

import { table } from "./typed_table.js";
import { fold, key } from "./signs.js";

const { numbers, units, before, fields } = table;
const RAISED = /[0-9０-９][¹²³⁰⁴-⁹₀-₉]/u;
const GROUPED = /^[^0-9]*[0-9]{1,3}(?:\s[0-9]{3})+[^0-9]*$/u;
const APART = /[0-9][.,]?\s+[.,]?[0-9]/u;
const ARABIC = /^(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)/u;
const UNKNOWN = { value: null, words: null };

/** Whether this page reads numbers in that field. */
export function isNumber(field) {
  return Boolean(fields[field]?.unit);
}

/** {value, words}: a value; a value and the words that say more; words alone, which nobody could read; or neither. */
export function readNumber(typed, field) {
  if (typed === null || typed === undefined) return UNKNOWN;
  const spec = fields[field];
  const words = String(typed).trim();
  let said = compact(words);
  if (said === null) return { value: null, words };
  let exact = true;
  for (let round = 0; round < 2; round += 1) {
    said = withoutOwn(said, spec.own);
    if (exact && (said === "" || numbers.unknown.includes(said))) return UNKNOWN;
    if (exact && numbers.zero.includes(said)) return { value: 0, words: null };
    const marked = marks(said, spec.unit);
    ({ said } = marked);
    exact = exact && marked.exact;
  }
  const amount = amountOf(said, spec.unit);
  const value = amount === null ? null : fitting(amount, spec);
  return value === null ? { value, words } : { value, words: exact ? null : words };
}

/** Whether words say that a number is being verified: an answer, though no number. */
export function isBeingVerified(words) {
  const said = key(String(words));
  return numbers.pending.some((one) => said.includes(one));
}

function compact(words) {
  const said = fold(words);
  if (RAISED.test(words) || (APART.test(said) && !GROUPED.test(said))) return null;
  return said.replace(/\s+/gu, "").replace(/[。.,;、!]+$/u, "");
}

function longestFirst(words) {
  return [...words].sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}

function withoutOwn(said, own) {
  for (const word of longestFirst(own)) {
    if (said.length <= word.length) continue;
    if (said.startsWith(word)) return said.slice(word.length).replace(/^[:=]+/u, "");
    if (said.endsWith(word)) return said.slice(0, -word.length);
  }
  return said;
}

function marks(typed, unit) {
  const exactly = [...(before[unit] ?? []), ...numbers.exactly_before];
  const about = [...numbers.about_before, ...numbers.least_before];
  const heads = longestFirst(new Set([...exactly, ...about]));
  const tails = longestFirst([...numbers.about_after, ...numbers.least_after]);
  let said = typed;
  let exact = true;
  for (let head = off(said, heads)[0]; head; head = off(said, heads)[0]) {
    said = said.slice(head.length);
    exact = exact && !about.includes(head);
  }
  for (let tail = tails.find((one) => said.endsWith(one)); tail; tail = tails.find((one) => said.endsWith(one))) {
    said = said.slice(0, -tail.length);
    exact = false;
  }
  return { said, exact: exact && !numbers.least_inside.some((one) => said.includes(one)) };
}

// Numbers with multipliers and units added up, each smaller than the one before; null for anything else.
function amountOf(said, kind) {
  const parts = partsOf(said, kind);
  if (!parts?.length) return null;
  let total = 0;
  let group = 0;
  let last = null;
  let lastFactor = Infinity;
  for (const [nth, part] of parts.entries()) {
    if (last !== null && !follows(part, last)) return null;
    group += part.size;
    last = part;
    if (part.factor === null && nth < parts.length - 1) continue;
    const factor = part.factor ?? 1;
    if (factor >= lastFactor) return null;
    total += group * factor;
    group = 0;
    last = null;
    lastFactor = factor;
  }
  return total;
}

// 2000 may follow 1万; the 2 of 1万2 means 2000, so it may not.
function follows(part, last) {
  if (last.scale === 0 || part.size >= 10 ** last.scale) return false;
  return part.scale > 0 || part.afterZero || part.size >= 10 ** (last.scale - 1);
}

function partsOf(typed, kind) {
  const parts = [];
  const [inside, tens, names] = [numbers.least_inside, Object.keys(numbers.tens), Object.keys(units[kind])].map(longestFirst);
  let said = typed;
  while (said) {
    if (parts.length && parts.at(-1).factor !== null && kind !== "minutes") return null;
    const number = digitsOf(said);
    if (number === null) return null;
    let { digits } = number;
    said = off(number.rest, inside)[1];
    let [multiplier, rest] = off(said, tens);
    if (off(said, names)[0].length <= multiplier.length) said = rest;
    else multiplier = "";
    said = off(said, inside)[1];
    if (said.startsWith(numbers.and_a_half) && !digits.includes(".") && !multiplier) {
      digits += ".5";
      said = said.slice(numbers.and_a_half.length);
    }
    const [unit, left] = off(said, names);
    said = left;
    const scale = multiplier ? numbers.tens[multiplier] : 0;
    const of = units[kind][unit];
    const factor = unit ? (of.times ?? 1) / (of.per ?? 1) : null;
    parts.push({ size: Number(`${digits}e${scale}`), scale, factor, afterZero: number.afterZero });
  }
  return parts;
}

function off(said, words) {
  const found = words.find((word) => said.startsWith(word)) ?? "";
  return [found, said.slice(found.length)];
}

function digitsOf(said) {
  const arabic = ARABIC.exec(said);
  if (arabic) return { digits: arabic[0].replaceAll(",", ""), rest: said.slice(arabic[0].length), afterZero: false };
  if (said.startsWith(numbers.half)) return { digits: "0.5", rest: said.slice(numbers.half.length), afterZero: false };
  const [english, after] = off(said, longestFirst(Object.keys(numbers.english)));
  if (english) return { digits: String(numbers.english[english]), rest: after, afterZero: false };
  const all = [...said];
  const end = all.findIndex((sign) => !(sign in numbers.digits) && !(sign in numbers.small));
  const signsOf = end === -1 ? all : all.slice(0, end);
  const value = section(signsOf);
  if (value === null) return null;
  return { digits: String(value), rest: said.slice(signsOf.join("").length), afterZero: "零〇".includes(said[0]) };
}

// A Chinese number below ten thousand; null for what is none, or leaves a choice: 三四十, 二百五.
function section(said) {
  const { digits, small } = numbers;
  if (!said.length) return null;
  if (said.every((sign) => sign in digits)) {
    const plain = said.map((sign) => digits[sign]).join("");
    return said.length === 1 || plain.includes("0") ? Number(plain) : null;
  }
  let [total, digit, last, zero] = [0, null, 5, false];
  for (const [nth, sign] of said.entries()) {
    if (sign in small) {
      const power = small[sign];
      if (power >= last || (digit === null && (power > 1 || nth > 0))) return null;
      total += (digit ?? 1) * 10 ** power;
      [digit, last, zero] = [null, power, false];
    } else if (digit !== null || (digits[sign] === 0 && zero)) return null;
    else if (digits[sign] === 0) zero = true;
    else digit = digits[sign];
  }
  return digit !== null && last > 1 && !zero ? null : total + (digit ?? 0);
}

function fitting(value, spec) {
  if (!(value >= 0 && value <= spec.most)) return null;
  const exact = Number.isInteger(value) ? value : Math.floor(value * 1e6 + 0.5) / 1e6;
  return spec.whole && !Number.isInteger(exact) ? null : exact;
}
