// Form fields named by their path in the report's JSON (`place.text`): gather them, fill them, show what is wrong.
// Empty is unknown: it becomes null, never 0 and never an empty text.

import { t } from "./texts.js";
import { readNumber } from "./typed.js";
import { fromWall, rfc3339, toWall } from "./zone.js";

const READ = {
  text: (input) => input.value.trim() || null,
  count: (input) => number(input),
  amount: (input) => number(input),
  time: (input) => moment(input.value),
};

// What says more than a number, or cannot be read as one, is sent as it was typed: the server reads it the same way and
// keeps the words.
function number(input) {
  const { value, words } = readNumber(input.value, input.name);
  return words ?? value;
}

const KEPT_IN_WORDS = ["occurred_at", "known_at"];

/** Times of which only a part is filled in. A browser gives such a field's value as empty: it must not count as that. */
export function halfFilled(root) {
  return [...root.querySelectorAll("[data-kind=time]")].filter((input) => !input.closest("[hidden]") && input.validity.badInput);
}

/** The same as errors beside the fields, but for those that a report keeps in words. */
export function halfFilledErrors(root) {
  return halfFilled(root).filter(({ name }) => !KEPT_IN_WORDS.includes(name)).map(({ name }) => ({ field: name, detail: t("typed.half_time") }));
}

function moment(text) {
  const ms = fromWall(text);
  return ms === null ? null : rfc3339(ms);
}

/** The named fields below `root` as nested JSON. Fields in a hidden part are left out. */
export function gather(root) {
  const body = {};
  for (const input of root.querySelectorAll("[name]")) {
    if (input.closest("[hidden]") || input.disabled) continue;
    if (input.type === "radio" && !input.checked) continue;
    if (input.type === "checkbox") {
      if (input.checked) (body[input.name] ??= []).push(input.value);
      continue;
    }
    put(body, input.name, READ[input.dataset.kind ?? "text"](input));
  }
  for (const { name } of halfFilled(root)) if (KEPT_IN_WORDS.includes(name)) (body.unread ??= {})[name] = t("typed.half_time");
  return body;
}

function put(body, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let place = body;
  for (const name of names) place = place[name] ??= {};
  place[last] = value;
}

/** What was filled in. An act's empty field is left out: unlike in a report, empty there means nothing was said. */
export function written(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));
}

export function valueAt(body, path) {
  return path.split(".").reduce((place, name) => place?.[name], body);
}

/** The reverse of `gather`: unknown becomes an empty field. */
export function fill(root, body) {
  for (const input of root.querySelectorAll("[name]")) {
    const value = valueAt(body, input.name);
    if (input.type === "radio") input.checked = input.value === value;
    else if (input.type === "checkbox") input.checked = (value ?? []).includes(input.value);
    else if (input.dataset.kind === "time") input.value = value ? toWall(Date.parse(value)) : "";
    else input.value = value ?? "";
    sayReading(input);
  }
}

/** Beside a number, how it was read, where that is not plain; beside a time, that half of it is missing. */
function sayReading(input) {
  const { kind } = input.dataset;
  if (!["count", "amount", "time"].includes(kind)) return;
  let said = input.parentElement.querySelector(`.read-as[data-of="${CSS.escape(input.name)}"]`);
  const text = kind === "time" ? (input.validity.badInput ? t("typed.half_time") : "") : reading(input);
  if (!said && !text) return;
  if (!said) {
    said = document.createElement("p");
    said.className = "read-as quiet";
    said.dataset.of = input.name;
    said.setAttribute("aria-live", "polite");
    input.after(said);
  }
  said.textContent = text;
}

function reading(input) {
  const typed = input.value.trim();
  const { value, words } = readNumber(typed, input.name);
  if (typed === "" || typed === String(value)) return "";
  if (value === null) return words === null ? t("typed.unknown") : t("typed.words", { words });
  return t(words === null ? "typed.read" : "typed.about", { n: value, words });
}

// One listener for every form of a page, whoever builds it; `change` too: Chromium fires it alone when a time is left.
for (const kind of ["input", "change", "focusout"]) document.addEventListener(kind, ({ target }) => target?.dataset && sayReading(target));

/** Say each error beside its field; returns those that have no field here. */
export function showErrors(root, errors) {
  clearErrors(root);
  const left = [];
  let first = null;
  for (const error of errors) {
    const spot = spotFor(root, error.field ?? "");
    if (!spot) {
      left.push(error);
      continue;
    }
    spot.textContent = error.detail || error.reason;
    const input = inputFor(root, spot.dataset.error);
    input?.setAttribute("aria-invalid", "true");
    input?.closest("details")?.setAttribute("open", "");
    first ??= input;
  }
  first?.focus();
  return left;
}

// The server may say `body.report.place.text`; the field here is `place.text`.
function spotFor(root, field) {
  const spots = [...root.querySelectorAll("[data-error]")];
  const match = (name) => field === name || field.endsWith(`.${name}`) || field.startsWith(`${name}.`);
  return spots.find((spot) => spot.dataset.error === field) ?? spots.find((spot) => match(spot.dataset.error));
}

function inputFor(root, name) {
  return root.querySelector(`[name="${CSS.escape(name)}"]`);
}

export function clearErrors(root) {
  for (const spot of root.querySelectorAll("[data-error]")) spot.textContent = "";
  for (const input of root.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}
