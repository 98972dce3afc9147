// The server's time, as seen from here. Between two words from the server it runs on with the server's rate
// (a demonstration may run faster than life); the device's own clock is never trusted for a moment that counts.

const KEPT = "jibao.clock_offset_ms";

let base = Date.now() + Number(localStorage.getItem(KEPT) ?? 0);
let since = performance.now();
let pace = 1;

export function setClock(now, rate = 1) {
  base = Date.parse(now);
  since = performance.now();
  pace = rate || 1;
  if (pace === 1) localStorage.setItem(KEPT, String(Math.round(base - Date.now())));
  else localStorage.removeItem(KEPT);
}

/** Milliseconds since 1970 on the server's clock. */
export function serverNow() {
  return base + (performance.now() - since) * pace;
}

export function rate() {
  return pace;
}

/** Call `act` now and about every `ms` milliseconds, never from two timers. */
export function every(ms, act) {
  act();
  return setInterval(act, ms);
}
