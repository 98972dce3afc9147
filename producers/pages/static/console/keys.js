// One key for each act. Keys are silent while somebody types, while a dialog is open, and when they were switched off.

const KEPT = "jibao.keys";

export function keysAreOn() {
  return localStorage.getItem(KEPT) !== "off";
}

export function switchKeys(on) {
  localStorage.setItem(KEPT, on ? "on" : "off");
}

/** `acts`: key → act. The key is the character typed, so `A` is Shift and a, on any keyboard. */
export function listenForKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target)) return;
    // The help stays reachable even when the other keys are off: it is where they are switched on again.
    if (!keysAreOn() && event.key !== "?") return;
    const act = acts[event.key] ?? (event.key === "Escape" ? acts.Escape : null);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// A field of a dialog that has just closed keeps the focus until the next frame: nobody types into it any more.
function isTyping(target) {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]") && !target.closest("dialog:not([open])");
}
