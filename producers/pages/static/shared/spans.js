// Lengths of time in words: `1:05:09` for a countdown, `12 分 30 秒` for a record.

import { t } from "./texts.js";

/** `4:09`, `1:05:09`, `3d 04:00:00`; the sign is the caller's to say. */
export function countdown(ms) {
  const total = Math.floor(Math.abs(ms) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [days, hours] = [Math.floor(total / 86400), Math.floor(total / 3600) % 24];
  const tail = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  if (days) return t("span.days_clock", { days, clock: `${two(hours)}:${tail}` });
  return hours ? `${hours}:${tail}` : tail;
}

/** `99.9 %`, never rounded up: 9,999 of 10,000 is not 100 %. */
export function percent({ on_time: onTime, due }) {
  return due ? `${(Math.floor((onTime * 1000) / due) / 10).toFixed(1)} %` : "–";
}

/** `12 分 30 秒`; two largest parts. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const length = Math.abs(seconds);
  const total = length ? Math.max(1, Math.round(length)) : 0; // late by a moment is late: never 0
  const sizes = [["days", 86400], ["hours", 3600], ["minutes", 60], ["seconds", 1]];
  const said = [];
  let rest = total;
  for (const [unit, size] of sizes) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) said.push(t(`span.${unit}`, { n: count }));
    if (said.length === 2) break;
  }
  return said.join(" ") || t("span.seconds", { n: 0 });
}
