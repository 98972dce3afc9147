// The duty console: loads what stands, listens to what happens, and redraws what changed.

import { get, giveUpAsking, Problem } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { clockInDoubt, every, setClock } from "../shared/clock.js";
import { getKept, loadSession, refreshSession, signInFirst, signOut } from "../shared/session.js";
import { personAndPost, t } from "../shared/texts.js";
import { onWake } from "../shared/waking.js";
import { acts as actsOf } from "./acts.js";
import { notify, play, repeatAlarm, setWaiting, startAlarm, testSound, wakeAlarm } from "./alarm.js";
import { sayDelay } from "./delay.js";
import { change, desk, mayAct, onDesk } from "./desk.js";
import { ownTheDrafts } from "./drafts.js";
import { openFeed } from "./feed.js";
import { showAll, wireFilters } from "./filters.js";
import { anyUnfolded, refreshFolds } from "./folds.js";
import { askingForPicture, pictureAge, pictureIsOld, serverSpoke } from "./freshness.js";
import { helpDialog } from "./help_dialog.js";
import { showIncident } from "./incident_view.js";
import { listenForKeys } from "./keys.js";
import { showLadder } from "./ladder_view.js";
import { showQueue } from "./queue_view.js";
import { refresher } from "./refresh.js";
import { selection } from "./selection.js";
import { showStrip, unanswered } from "./strip.js";
import { toggleTheme } from "./theme.js";
import { toast } from "./toast.js";
import { tickAll } from "./ticker.js";
import { startViews } from "./views.js";
import { openWhy } from "./why_link.js";
import { showConnection, showHealth, showNext, showTime, showTop } from "./top_view.js";

let lastTick = {};
let nextDueAt = Infinity;

const loadOverview = refresher(async () => {
  const answered = askingForPicture();
  const overview = await get("/api/v1/overview?limit=200", { timeout: 30_000 });
  setClock(overview.now, overview.clock_rate);
  answered(Date.parse(overview.now));
  change({ overview });
  if (anyUnfolded()) refreshFolds();
  if (!desk.selected && overview.incidents.length) setTimeout(selectFirst, 60);
}, failed);

function askOverview() {
  pictureIsOld();
  loadOverview();
}

const askIncident = refresher(async () => {
  const wanted = desk.selected;
  if (!wanted) return;
  const detail = await get(`/api/v1/incidents/${wanted}`);
  if (desk.selected === wanted) change({ detail });
}, failed);

const askClosed = refresher(async () => change({ closed: (await get("/api/v1/incidents?state=closed&limit=100")).incidents }), failed);

const { select, selectFirst, step } = selection(() => askIncident());
const acts = actsOf({ refresh, select });

await start();

async function start() {
  const session = await loadSession();
  if (!session) return window.location.assign(signInFirst());
  const [lists, nodes] = await Promise.all([getKept("lists", "/api/v1/categories"), getKept("nodes", "/api/v1/nodes")]);
  change({ session, lists, nodes: nodes?.nodes ?? [] });
  byId("who").textContent = personAndPost(session.person);
  for (const element of document.querySelectorAll("[data-right]")) element.hidden = !mayAct();
  byId("packs").hidden = session.person.role !== "admin";
  onDesk(draw);
  wire();
  const asked = new URLSearchParams(window.location.search).get("incident");
  if (asked) select(asked);
  ownTheDrafts();
  startAlarm();
  const lineAgain = openFeed({ fact, alert, tick, missed: refresh, connected, lost });
  onWake(() => woke(lineAgain));
  refresh();
  return every(250, beat);
}

function refresh() {
  askOverview();
  askIncident();
}

function draw() {
  showTop(desk, select);
  showQueue(desk, select);
  showIncident(desk, acts);
  showLadder(desk);
  showStrip(desk, { select, acknowledge: acts.acknowledge });
  const open = unanswered(desk);
  setWaiting(open.length, open[0]?.grade);
  beat();
}

function beat() {
  tickAll();
  showTime();
  showConnection(desk.link);
  if (!desk.overview) return;
  showHealth(desk, lastTick);
  const running = Number(document.querySelector("#next .big")?.dataset.due ?? Infinity);
  // The nearest deadline has passed: the one after it is now the next.
  if (running !== nextDueAt || document.querySelector("#next .big[data-heat=over]")) nextDueAt = showNext(desk, select);
}

function fact({ kind, incident_id: id }) {
  if (kind === "obligation.breached") play("breach");
  askOverview();
  if (id && id === desk.selected) askIncident();
}

function alert(raised) {
  play(raised.grade);
  notify(raised);
  sayDelay(raised);
  askOverview();
  if (raised.incident_id === desk.selected) askIncident();
}

function tick(word, now) {
  serverSpoke(now);
  repeatAlarm();
  if (!pictureAge().fresh) loadOverview(); // an answer that failed is asked for again
  lastTick = { broker: word.broker, database: word.database, clock_seen_at: word.clock_seen_at ?? desk.overview?.health?.clock_seen_at };
}

function connected() {
  const wasLost = desk.link.state === "lost";
  change({ link: { state: "connected" } });
  if (wasLost) refresh();
}

// What was being asked before a sleep waits in vain, the line may be dead, the sound was taken away: all of it anew.
function woke(lineAgain) {
  if (clockInDoubt()) giveUpAsking();
  lineAgain();
  refresh();
  wakeAlarm();
}

// Whoever is typing finishes the sentence first; what was typed is kept over the sign-in.
function signInAgain() {
  if (document.querySelector("dialog[open]")) toast(t("banner.sign_in_again"), "bad");
  else window.location.assign(signInFirst());
}

async function lost({ sinceServer }) {
  change({ link: { state: "lost", sinceServer } });
  try {
    await refreshSession();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) signInAgain();
  }
}

function failed(error) {
  if (!(error instanceof Problem)) throw error;
  if (error.status === 401) signInAgain();
  if (error.status === 404 && desk.selected) change({ selected: null, detail: null });
}

function wire() {
  const search = byId("search");
  const own = { a: acts.acknowledge, A: acts.on_behalf, l: acts.call, g: acts.grade, f: acts.forward, u: acts.follow_up, s: acts.stop, c: acts.close, o: acts.reopen };
  listenForKeys({
    ...(mayAct() ? own : {}),
    j: () => step(1), k: () => step(-1), "/": () => search.focus(), t: toggleTheme, m: testSound, w: () => openWhy(desk.selected), "?": helpDialog, Escape: () => showAll(),
  });
  wireFilters(askClosed);
  const named = { theme: toggleTheme, help: helpDialog, call: acts.call };
  for (const [name, act] of Object.entries(named)) {
    for (const button of document.querySelectorAll(`header [data-act=${name}], .queue [data-act=${name}]`)) button.addEventListener("click", act);
  }
  startViews();
  byId("logout").addEventListener("click", async () => {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
  });
}
