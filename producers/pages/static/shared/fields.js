// Form fields named by their path in the report's JSON (`place.text`): gather them, fill them, show what is wrong.
// Empty is unknown: it becomes null, never 0 and never an empty text.

import { fromWall, rfc3339, toWall } from "./zone.js";

const READ = {
  text: (input) => input.value.trim() || null,
  count: (input) => number(input.value),
  amount: (input) => number(input.value),
  time: (input) => moment(input.value),
};

// Text that is no number is sent as it is: the server then names the field, and nothing is guessed.
function number(text) {
  const said = text.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  if (said === "") return null;
  return /^\d+(\.\d+)?$/.test(said) ? Number(said) : said;
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
  }
}

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
