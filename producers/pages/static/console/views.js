// Which of the three columns a narrow screen shows, and where it is scrolled to: an incident opens at its top, and going
// back, by the tab or by the browser's own button, returns to the row that was pressed.

import { byId } from "../shared/dom.js";

const QUEUE = "queue";
const DETAIL = "detail";
const narrow = matchMedia("(max-width: 46rem)");
let queueAt = null; // how far the queue was scrolled when an incident was opened from it

export function startViews() {
  for (const button of document.querySelectorAll("button[data-view]")) button.addEventListener("click", () => show(button.dataset.view));
  window.addEventListener("popstate", (event) => show(event.state?.view ?? QUEUE, false));
}

function currentView() {
  return byId("columns").dataset.view;
}

/** Somebody chose an incident: its details stand on the screen, from their first line. */
export function openDetail() {
  show(DETAIL);
  if (narrow.matches || byId(DETAIL).getBoundingClientRect().top < 0) byId(DETAIL).scrollIntoView({ block: "start" });
}

function show(view, remember = true) {
  const before = currentView();
  if (before === view) return;
  if (before === QUEUE) queueAt = window.scrollY;
  byId("columns").dataset.view = view;
  if (!narrow.matches) return;
  if (remember && before === QUEUE) history.pushState({ view }, "");
  if (view === QUEUE) backToRow();
  else byId(view).scrollIntoView({ block: "start" });
}

function backToRow() {
  const row = document.querySelector(".row[aria-current=true]");
  row?.focus({ preventScroll: true });
  if (queueAt !== null) window.scrollTo(0, queueAt);
  const { top = 0, bottom = 0 } = row?.getBoundingClientRect() ?? {};
  // The queue has moved on meanwhile: the row counts, not the place where it was.
  if (row && (top < 0 || bottom > window.innerHeight)) row.scrollIntoView({ block: "center" });
}
