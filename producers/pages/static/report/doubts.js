// A time that is probably a slip of the hand is asked about before sending: a year ago, in the future, known before it
// happened. Whoever says that it is right is believed; her answer goes with the report.

import { serverNow } from "../shared/clock.js";
import { t, word } from "../shared/texts.js";
import { stampOf } from "../shared/zone.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AHEAD_MS = 2 * 60_000;
const NAMES = ["occurred_at", "known_at"];

/**
 * The report as it may be sent, or the name of the time that she wants to look at again: {body} or {again}.
 * `bounds` is the server's `plausibility`; a server that has none is not told what was confirmed.
 */
export function askAboutTimes(body, bounds) {
  const confirmed = [];
  for (const name of NAMES) {
    const question = doubtOf(body, name, bounds?.ask_after_hours ?? 24);
    if (!question) continue;
    if (!window.confirm(question)) return { again: name };
    if (isOld(body[name], bounds?.ask_after_hours ?? 24)) confirmed.push(name);
  }
  return { body: bounds && confirmed.length ? { ...body, times_confirmed: confirmed } : body };
}

function doubtOf(body, name, hours) {
  const at = Date.parse(body[name] ?? "");
  if (Number.isNaN(at)) return null;
  const values = { field: word("field", name), at: `${yearOf(body[name])}-${stampOf(at, false)}` };
  const ago = serverNow() - at;
  if (ago < -AHEAD_MS) return t("doubt.ahead", values);
  if (isOld(body[name], hours)) {
    const days = Math.floor(ago / DAY_MS);
    return days > 1 ? t("doubt.days", { ...values, n: days }) : t("doubt.hours", { ...values, n: Math.floor(ago / HOUR_MS) });
  }
  const isBefore = name === "known_at" && at < Date.parse(body.occurred_at ?? "") - 60_000;
  return isBefore ? t("doubt.known_first", values) : null;
}

function isOld(moment, hours) {
  return serverNow() - Date.parse(moment) > hours * HOUR_MS;
}

// As it was typed: the text carries the county's own year.
function yearOf(moment) {
  return moment.slice(0, 4);
}
