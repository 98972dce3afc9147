// An act is done once: whoever presses again while it runs, or holds the key down, begins nothing a second time.

/** The same act, which does nothing while it is still running. */
export function once(act) {
  let running = false;
  return async (...given) => {
    if (running) return undefined;
    running = true;
    try {
      return await act(...given);
    } finally {
      running = false;
    }
  };
}

/** Whether a key press means "send": Ctrl or Command with Enter, pressed once, and not part of typing a character. */
export function meansSend(event) {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing;
}

/** In this part of the page Enter never sends, and a key that is held down presses a button only once. */
export function enterNeverSends(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const where = event.target;
    const oneLine = where.matches?.("input:not([type=button], [type=submit])");
    if (event.key === "Enter" && oneLine && !event.isComposing) event.preventDefault();
    if (event.repeat && where.closest?.("button, summary")) event.preventDefault();
  });
}
