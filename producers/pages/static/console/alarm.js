// Being heard: tones by grade, the title of the tab, a notification. Whoever cannot hear is told so, loudly.

import { byId, h } from "../shared/dom.js";
import { t } from "../shared/texts.js";

const KEPT = "jibao.sound";
const REPEAT_MS = 20_000;
const TOGETHER_MS = 3000;

// [frequency in Hz, seconds] one after the other; the graver, the higher, the longer.
const TONES = {
  I: [[1175, 0.16], [880, 0.16], [1175, 0.16], [880, 0.16], [1175, 0.16], [880, 0.16], [1175, 0.3]],
  II: [[1175, 0.16], [880, 0.16], [1175, 0.16], [880, 0.16], [1175, 0.3]],
  III: [[988, 0.18], [784, 0.18], [988, 0.3]],
  IV: [[784, 0.2], [784, 0.3]],
  ungraded: [[988, 0.18], [784, 0.18], [988, 0.3]],
  non_incident: [[659, 0.3]],
  breach: [[440, 0.35], [349, 0.35], [440, 0.35], [349, 0.5]],
};

let context = null;
let waiting = { count: 0, grade: "ungraded" };
let played = { page: -Infinity, device: -Infinity };
const title = document.title;

export function startAlarm() {
  const unlock = () => wanted() && listen();
  document.addEventListener("pointerdown", unlock);
  document.addEventListener("keydown", unlock);
  if (wanted()) listen();
  showNotice();
  setInterval(repeatAlarm, 1000);
  setInterval(blink, 1000);
}

/** While somebody waits, the tone comes again. Asked by a timer, and by the server's words where timers are held back. */
export function repeatAlarm() {
  if (waiting.count && silentFor() > REPEAT_MS - 500) play(waiting.grade);
}

/** After a sleep: the sound that the browser took away, and at once the tone of what waits. */
export async function wakeAlarm() {
  if (wanted()) await listen();
  repeatAlarm();
}

function silentFor() {
  return Math.max(performance.now() - played.page, Date.now() - played.device);
}

function wanted() {
  return localStorage.getItem(KEPT) !== "off";
}

// A browser keeps the sound shut until the person has done something on the page, and complains of earlier tries.
async function listen() {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  context ??= new (window.AudioContext ?? window.webkitAudioContext)();
  context.onstatechange = showNotice;
  if (context.state === "suspended") await Promise.race([context.resume(), new Promise((go) => setTimeout(go, 300))]);
  showNotice();
}

function isHeard() {
  return wanted() && context?.state === "running";
}

export async function testSound() {
  localStorage.setItem(KEPT, "on");
  await listen();
  if (window.Notification?.permission === "default") Notification.requestPermission();
  play("III");
}

export function muteSound() {
  localStorage.setItem(KEPT, "off");
  showNotice();
}

export function play(kind) {
  if (!isHeard()) return;
  played = { page: performance.now(), device: Date.now() };
  let at = context.currentTime + 0.02;
  for (const [frequency, seconds] of TONES[kind] ?? TONES.ungraded) {
    tone(frequency, at, seconds);
    at += seconds + 0.05;
  }
}

function tone(frequency, at, seconds) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.type = "triangle";
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.5, at + 0.02);
  volume.gain.setValueAtTime(0.5, at + seconds - 0.04);
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + seconds);
}

function showNotice() {
  const place = byId("quiet-notice");
  const heard = isHeard();
  if (place.hidden === heard) return;
  place.hidden = heard;
  place.replaceChildren(...(heard ? [] : [
    h("strong", {}, `✕ ${t("console.sound_off")}`), h("span", {}, t("console.sound_off_means")),
    h("button", { type: "button", class: "primary", onclick: testSound }, t("console.sound_on"), " ", h("kbd", {}, "m")),
  ]));
}

/** How many alerts wait for an answer; the title says it, and the tone repeats until the number is none. */
export function setWaiting(count, grade) {
  const more = count > waiting.count;
  waiting = { count, grade };
  blink();
  // Learnt from the list and not from the line, as after a sleep: heard at once all the same.
  if (more && silentFor() > TOGETHER_MS) play(grade);
}

function blink() {
  const on = Math.floor(Date.now() / 1000) % 2 === 0;
  document.title = waiting.count ? (on ? `(${waiting.count}) ${title}` : `● ${t("console.title_waiting", { n: waiting.count })}`) : title;
}

export function notify({ alert_id: tag, title: text, why }) {
  if (window.Notification?.permission !== "granted" || document.visibilityState === "visible") return;
  const note = new Notification(t("console.notification"), { body: text ?? why ?? "", tag, requireInteraction: true });
  note.onclick = () => window.focus();
}
