// The live line from the server. It never claims to be connected when it is not: twelve seconds without a word (ticks
// come every five) count as lost, whatever the browser believes about the socket. After a sleep of the computer the line
// is opened anew at once: what the browser still holds may be dead, and its clock stood still meanwhile.

import { rate, serverNow, setClock } from "../shared/clock.js";

const SILENCE_MS = 12_000;
const RETRY_MS = 4000;
const URL_ = "/api/v1/stream";

/** Opens the line; `heard` = {fact, alert, tick, missed, connected, lost}. Returns what to call after a sleep. */
export function openFeed(heard) {
  let source = null;
  let lastWord = performance.now();
  let lastServer = serverNow();
  let lastId = "";
  let lost = false;
  let retryAt = 0;

  function word(event) {
    lastWord = performance.now();
    if (event.lastEventId) lastId = event.lastEventId;
    if (!lost) return JSON.parse(event.data);
    lost = false;
    heard.connected();
    return JSON.parse(event.data);
  }

  // By the server's own clock: more time between two of its words than it ever lets pass, and we have not been there.
  function tick(said) {
    const now = Date.parse(said.now);
    const missed = now - lastServer > SILENCE_MS * Math.max(1, said.clock_rate ?? 1);
    setClock(said.now, said.clock_rate);
    lastServer = now;
    if (missed) heard.missed();
    heard.tick(said, now);
  }

  function open() {
    source?.close();
    retryAt = performance.now() + RETRY_MS;
    // The browser sends Last-Event-ID only when it reconnects by itself; a line that we reopen says it in the address.
    source = new EventSource(lastId ? `${URL_}?after=${encodeURIComponent(lastId)}` : URL_);
    source.addEventListener("tick", (event) => tick(word(event)));
    source.addEventListener("fact", (event) => heard.fact(word(event)));
    source.addEventListener("alert", (event) => heard.alert(word(event)));
    source.addEventListener("open", () => {
      lastWord = performance.now();
      lost = false;
      heard.connected();
    });
    source.addEventListener("error", () => lose());
  }

  function lose() {
    if (lost) return;
    lost = true;
    heard.lost({ sinceServer: lastServer });
  }

  setInterval(() => {
    const now = performance.now();
    if (now - lastWord > SILENCE_MS) lose();
    const dead = source.readyState === EventSource.CLOSED || now - lastWord > SILENCE_MS;
    if (lost && dead && now > retryAt) open();
  }, 1000);
  open();

  return function again() {
    if (serverNow() - lastServer < SILENCE_MS * Math.max(1, rate())) return;
    lose();
    open();
  };
}
