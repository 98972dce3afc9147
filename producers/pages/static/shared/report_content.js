// The full content of one report, as it was sent: every element that was given, in the order of an official report.

import { h } from "./dom.js";
import { language, t, word } from "./texts.js";
import { stampOf } from "./zone.js";

const ORDER = [
  "title", "category", "grade", "occurred_at", "known_at", "place", "casualties", "details.process", "details.cause",
  "details.measures", "details.losses", "details.scope", "details.trend", "details.leaders_on_site", "details.next_steps",
  "details.requests", "quantities", "source", "tags",
];
const TIMES = new Set(["occurred_at", "known_at"]);
const HARM = ["deaths", "missing", "serious_injuries", "injuries", "trapped", "evacuated"];

/** A definition list; `names` gives the words for codes: {category: id → name, division: code → name}. */
export function reportContent(body, names = {}) {
  const rows = [...ORDER.flatMap((path) => rowsOf(body, path, names)), ...otherWords(body)];
  return h("dl", { class: "content" }, rows.map(([label, text]) => [h("dt", {}, label), h("dd", {}, text)]));
}

function rowsOf(body, path, names) {
  const value = path.split(".").reduce((place, name) => place?.[name], body);
  if (path === "casualties") return [[t("report.casualties"), casualties(value ?? {}, body)]];
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return [];
  if (path === "place") return one(t("report.where"), place(value, names));
  if (path === "source") return one(t("report.source"), [value.name, value.unit, value.post, value.phone].filter(Boolean).join(" "));
  if (path === "quantities") return numbers(value, body);
  if (path === "category") return one(t("field.category"), names.category?.(value) ?? value);
  if (path === "tags") return one(t("report.tags"), value.map((tag) => word("tag", tag)).join(" "));
  if (path === "grade") return value === "ungraded" ? [] : one(t("report.grade"), word("grade", value));
  return one(word("field", path), TIMES.has(path) ? stampOf(value) : String(value));
}

function one(label, text) {
  return text ? [[label, text]] : [];
}

function place({ division, text, longitude, latitude }, names) {
  const point = longitude === null || longitude === undefined ? "" : `(${longitude}, ${latitude})`;
  return [names.division?.(division) ?? "", text ?? "", point].filter(Boolean).join(" ");
}

/** Every number, unknown ones as "unknown": a silent gap would read as nobody hurt. */
export function casualties(values, body = {}) {
  const said = HARM.map((name) => `${word("field", `casualties.${name}`)} ${withWords(values[name], `casualties.${name}`, body) ?? t("unknown")}`);
  return said.join(language === "en" ? " · " : " · ");
}

function numbers(values, body) {
  const said = Object.entries(values).map(([name, value]) => [name, withWords(value, `quantities.${name}`, body)]);
  return said.filter(([, text]) => text !== null).map(([name, text]) => [word("field", `quantities.${name}`), text]);
}

// The number, the words it was read from beside it, or the words alone where nobody could read a number in them.
function withWords(value, path, { unread, as_typed: asTyped }) {
  if (value === null || value === undefined) return unread?.[path] ? t("typed.quoted", { words: unread[path] }) : null;
  return asTyped?.[path] ? `${value} ${t("typed.quoted", { words: asTyped[path] })}` : String(value);
}

// Words of every other field: shown as they came, so that nothing a person said is out of sight.
function otherWords(body) {
  const kept = { ...body.as_typed, ...body.unread };
  const rest = Object.entries(kept).filter(([path]) => !/^(casualties|quantities)\./.test(path));
  return rest.map(([path, words]) => [`${word("field", path)} ${t("typed.as_typed")}`, words]);
}
