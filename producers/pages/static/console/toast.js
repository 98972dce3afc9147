// A short word about what came of an act; it stays long enough to be read, bad news longer.

import { byId, h } from "../shared/dom.js";

const GOOD_MS = 6000;
const BAD_MS = 15_000;

export function toast(text, kind = "plain") {
  const mark = { good: "✓ ", bad: "✕ " }[kind] ?? "";
  const note = h("p", { class: `toast ${kind}` }, mark + text);
  note.addEventListener("click", () => note.remove());
  byId("toasts").append(note);
  setTimeout(() => note.remove(), kind === "bad" ? BAD_MS : GOOD_MS);
}
