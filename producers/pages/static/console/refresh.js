// Asking the server again, no more often than it can answer: a burst of facts becomes one request, and a slow answer
// makes the next one wait longer.

const LEAST_MS = 400;

/** `ask()` loads soon; `load` is never running twice at a time. */
export function refresher(load, failed) {
  let running = false;
  let wanted = false;
  let lastEnd = -Infinity;
  let pause = LEAST_MS;
  let timer = null;

  async function run() {
    timer = null;
    if (running) return;
    running = true;
    wanted = false;
    const started = performance.now();
    try {
      await load();
    } catch (error) {
      failed(error);
    }
    lastEnd = performance.now();
    pause = Math.max(LEAST_MS, 3 * (lastEnd - started));
    running = false;
    if (wanted) plan();
  }

  function plan() {
    timer ??= setTimeout(run, Math.max(0, lastEnd + pause - performance.now()));
  }

  return function ask() {
    wanted = true;
    if (!running) plan();
  };
}
