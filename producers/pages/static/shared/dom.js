// Building the page. Everything a person typed goes in as text, never as HTML.

import { dial } from "./signs.js";

/** An element: `h("p", {class: "quiet", onclick: f, dataset: {due: x}}, "text", child, null)`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) setOne(element, name, value);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setOne(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, defined(value));
  else if (name === "value" || name === "checked") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

function defined(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

export function byId(id) {
  return document.getElementById(id);
}

/**
 * Put new children into a place without taking away what the person holds: keyboard focus, opened parts and the
 * scroll position stay, found again by `data-key`.
 */
export function swap(place, ...children) {
  const opened = new Set(keys(place, "details[open][data-key]"));
  const closed = new Set(keys(place, "details[data-key]:not([open])"));
  const focused = place.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const { scrollTop } = place;
  place.replaceChildren(...children.flat(3).filter(Boolean));
  for (const part of place.querySelectorAll("details[data-key]")) {
    if (opened.has(part.dataset.key)) part.open = true;
    if (closed.has(part.dataset.key)) part.open = false;
  }
  place.scrollTop = scrollTop;
  if (focused) find(place, focused)?.focus({ preventScroll: true });
}

function keys(place, selector) {
  return [...place.querySelectorAll(selector)].map((part) => part.dataset.key);
}

function keyOf(element) {
  if (element.tagName === "SUMMARY") return `summary:${element.parentElement.dataset.key ?? ""}`;
  return element.dataset.key ?? null;
}

function find(place, key) {
  const isSummary = key.startsWith("summary:");
  const name = CSS.escape(isSummary ? key.slice(8) : key);
  return place.querySelector(isSummary ? `details[data-key="${name}"] > summary` : `[data-key="${name}"]`);
}

/** A telephone number one tap away; nothing where there is none. */
export function phoneLink(phone, attributes = {}) {
  if (!phone) return null;
  return h("a", { class: "phone", href: `tel:${dial(phone)}`, ...attributes }, phone);
}
