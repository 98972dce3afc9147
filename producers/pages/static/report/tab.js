// Which tab this is. Each open tab holds one name; a reload keeps it, a duplicated tab gets another, and the name of a
// tab that was closed can be taken over together with what it left.

import { newId } from "../shared/uuid.js";

const KEPT = "jibao.tab";
const RELOAD_MS = 1500; // the lock of the page before a reload may be let go a moment late
const ANSWER_MS = 150;
// Browsers have locks on secure origins only; in a plain HTTP office the tabs ask each other.
const channel = !navigator.locks && "BroadcastChannel" in window ? new BroadcastChannel(KEPT) : null;

let name = null;
channel?.addEventListener("message", ({ data }) => {
  if (data.asked === name) channel.postMessage({ held: name });
});

/** This tab's name. `takeOver` lists names of earlier tabs, the most wanted first; the first that is free is used. */
export async function tabName(takeOver = []) {
  const kept = sessionStorage.getItem(KEPT);
  if (!name && kept && (await hold(kept, RELOAD_MS))) return keep(kept);
  for (const other of takeOver) if (other !== name && (await hold(other, 0))) return keep(other);
  if (name) return name;
  const made = newId();
  await hold(made, RELOAD_MS);
  return keep(made);
}

function keep(chosen) {
  name = chosen;
  sessionStorage.setItem(KEPT, chosen);
  return chosen;
}

function hold(wanted, patience) {
  return navigator.locks ? lock(wanted, patience) : nobodyAnswers(wanted);
}

// A lock ends with its page, however that ends.
function lock(wanted, patience) {
  return new Promise((resolve) => {
    const held = (given) => {
      resolve(Boolean(given));
      return given ? new Promise(() => {}) : undefined;
    };
    const giveUp = new AbortController();
    if (patience) setTimeout(() => giveUp.abort(), patience);
    const how = patience ? { signal: giveUp.signal } : { ifAvailable: true };
    navigator.locks.request(`${KEPT}.${wanted}`, how, held).catch(() => resolve(false));
  });
}

function nobodyAnswers(wanted) {
  if (!channel) return true;
  return new Promise((resolve) => {
    const heard = ({ data }) => data.held === wanted && done(false);
    const timer = setTimeout(() => done(true), ANSWER_MS);
    const done = (free) => {
      clearTimeout(timer);
      channel.removeEventListener("message", heard);
      resolve(free);
    };
    channel.addEventListener("message", heard);
    channel.postMessage({ asked: wanted });
  });
}
