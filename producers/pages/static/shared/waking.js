// Says when a page that may have slept is awake again: shown, focused, back online, taken from the browser's memory,
// or a timer that finds that much more time has passed, or much less, than it waited. What was known before is old.

const BEAT_MS = 5000;
const JUMP_MS = 10_000;
const TOGETHER_MS = 300;

/** Call `listener` once for each waking. */
export function onWake(listener) {
  let waiting = null;
  const wake = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      listener();
    }, TOGETHER_MS);
  };
  for (const event of ["online", "focus", "pageshow"]) window.addEventListener(event, wake);
  document.addEventListener("resume", wake);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  noticeJumps(wake);
}

function noticeJumps(wake) {
  let [wall, ran] = [Date.now(), performance.now()];
  setInterval(() => {
    const [passed, counted] = [Date.now() - wall - BEAT_MS, performance.now() - ran - BEAT_MS];
    [wall, ran] = [Date.now(), performance.now()];
    if (Math.abs(passed) > JUMP_MS || counted > JUMP_MS) wake();
  }, BEAT_MS);
}
