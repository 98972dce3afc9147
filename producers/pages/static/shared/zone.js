// Wall-clock times of the county, whatever zone the device believes to be in. Sent as RFC 3339 with the county's offset.

let zone = "Asia/Shanghai";
let wall = makeWall();

export function setZone(name) {
  zone = name || zone;
  wall = makeWall();
}

function makeWall() {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
}

function parts(ms) {
  return Object.fromEntries(wall.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]));
}

/** Minutes east of UTC that the county keeps at that moment. */
function offsetMinutes(ms) {
  const p = parts(ms);
  const local = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  return Math.round((local - Math.floor(ms / 1000) * 1000) / 60000);
}

/** `2026-11-23T08:10`, as a datetime-local field wants it. */
export function toWall(ms) {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** The moment of a datetime-local field's value; null for an empty or broken one. */
export function fromWall(text) {
  const naive = Date.parse(`${text}Z`);
  if (!text || Number.isNaN(naive)) return null;
  const guess = naive - offsetMinutes(naive) * 60000;
  return naive - offsetMinutes(guess) * 60000;
}

/** `2026-11-23T08:10:00+08:00` */
export function rfc3339(ms) {
  const minutes = offsetMinutes(ms);
  const p = parts(ms);
  const size = Math.abs(minutes);
  const two = (number) => String(number).padStart(2, "0");
  const sign = minutes < 0 ? "-" : "+";
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `16:10:05` */
export function timeOf(moment, seconds = true) {
  if (!moment) return "";
  const p = parts(typeof moment === "number" ? moment : Date.parse(moment));
  return seconds ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`;
}

/** `11-23` */
export function dayOf(moment) {
  const p = parts(typeof moment === "number" ? moment : Date.parse(moment));
  return `${p.month}-${p.day}`;
}

/** `2026-11-23` */
export function dateOf(ms) {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day}`;
}

/** `11-23 16:10:05` */
export function stampOf(moment, seconds = true) {
  return moment ? `${dayOf(moment)} ${timeOf(moment, seconds)}` : "";
}
