// An act happens once. A second click, a held key or a second Enter while the first is under way has no effect. Every
// page loads this file; the listeners below hold for all of its buttons and forms, `once` for what a script sends.

const running = new Set();
const RELEASED_AFTER_MS = 20_000;

/** The same act, which does nothing while it is still running. */
export function once(act) {
  return (...given) => onceNamed(act, () => act(...given));
}

/** Run `act` unless the one with the same name still runs. Then nothing happens, and the answer is undefined. */
export async function onceNamed(name, act) {
  if (running.has(name)) return undefined;
  running.add(name);
  try {
    return await act();
  } finally {
    running.delete(name);
  }
}

export function isRunning(name) {
  return running.has(name);
}

/** The same for a form: its send buttons say that it is busy. They keep the focus, which a disabled button loses. */
export async function onceFor(form, act, name = form) {
  return onceNamed(name, async () => {
    showBusy(form, true);
    try {
      return await act();
    } finally {
      showBusy(form, false);
    }
  });
}

function showBusy(form, busy) {
  for (const button of form.querySelectorAll("[type=submit]")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** Enter in a one-line field or a choice never sends a half-written form; buttons and long texts keep their Enter. */
export function enterNeverSends(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input, select")) event.preventDefault();
  });
}

/** Ctrl or Command with Enter, pressed once; never while an input method composes, where Enter only takes the word. */
export function meansSend(event) {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && !isComposing(event);
}

export function ctrlEnterSends(form) {
  form.addEventListener("keydown", (event) => {
    if (!meansSend(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

// Safari says 229 for the Enter that ends a composition, when `isComposing` is false already.
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

let pressedOn = null;

// A held key repeats. The repeats belong to the place where the key went down: they must not type into a dialog that
// it opened, nor press the button that has the focus after it closed. And no held Enter sends anything again.
function stopRepeats(event) {
  if (!event.repeat) {
    pressedOn = event.target;
    return;
  }
  const isPlainEnter = event.key === "Enter" && !event.ctrlKey && !event.metaKey;
  const isNewLine = isPlainEnter && event.target.matches?.("textarea");
  const wandered = event.target !== pressedOn && (event.key.length === 1 || event.key === "Enter");
  if (wandered || (event.key === "Enter" && !isNewLine)) stop(event);
}

let wasPressed = false;

// The second click of a double click: what lies under it by then may be another button than the one that was meant.
// Where the first click went beside (the page moved under it), the second is the first to press anything.
function stopSecondClick(event) {
  if (!event.target.closest?.("button, summary")) {
    wasPressed = false;
    return;
  }
  if (event.detail > 1 && wasPressed) stop(event);
  else wasPressed = true;
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// A form without a script is sent by the browser, as often as somebody asks; here it is sent once.
function sendFormOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  showBusy(form, true);
  setTimeout(() => release(form), RELEASED_AFTER_MS);
}

function release(form) {
  delete form.dataset.sending;
  showBusy(form, false);
}

window.addEventListener("keydown", stopRepeats, true);
window.addEventListener("click", stopSecondClick, true);
window.addEventListener("submit", sendFormOnce);
// A page that the browser kept and shows again after "back" may send again.
window.addEventListener("pageshow", () => [...document.querySelectorAll("form[data-sending]")].forEach(release));
