// Why is this due then? The rules' answer for one incident, as it stands: every clause, and each limit that stays silent.

import { get, Problem } from "../shared/api.js";
import { every } from "../shared/clock.js";
import { byId, h } from "../shared/dom.js";
import { loadSession, signInFirst, signOut } from "../shared/session.js";
import { nameOf, personAndPost, t, word } from "../shared/texts.js";
import { tickAll } from "../console/ticker.js";
import { refresher } from "../console/refresh.js";
import { answerOf } from "./answer.js";

const asked = new URLSearchParams(window.location.search).get("incident") ?? "";
const AGAIN_MS = 20_000;
const ask = refresher(load, (error) => failed(error));

const session = await loadSession();
if (!session) window.location.assign(signInFirst());
else start();

function start() {
  byId("who").textContent = personAndPost(session.person);
  byId("logout").addEventListener("click", async () => {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
  });
  byId("back").href = `/console?incident=${encodeURIComponent(asked)}`;
  for (const link of document.querySelectorAll("[data-keep-query]")) link.href = `${link.getAttribute("href")}&incident=${encodeURIComponent(asked)}`;
  window.addEventListener("hashchange", goToAsked);
  ask();
  every(500, () => tickAll());
  every(AGAIN_MS, () => document.visibilityState === "visible" && ask());
}

let drawn = "";

async function load() {
  const answer = await get(`/api/v1/incidents/${encodeURIComponent(asked)}/why`);
  byId("problem").replaceChildren();
  const { now, ...said } = answer;
  const mark = JSON.stringify(said);
  if (mark === drawn) return;
  const first = !drawn;
  drawn = mark;
  showIncident(answer.incident);
  const opened = new Set([...document.querySelectorAll("details[open][data-key]")].map((part) => part.dataset.key));
  const place = byId("why");
  place.replaceChildren(...answerOf(answer));
  place.removeAttribute("aria-busy");
  for (const part of place.querySelectorAll("details[data-key]")) if (opened.has(part.dataset.key)) part.open = true;
  tickAll(place);
  if (first) goToAsked();
}

function showIncident(incident) {
  byId("incident").replaceChildren(
    h("span", { class: "grade", dataset: { grade: incident.grade } }, word("grade", incident.grade)), " ",
    h("b", { class: "number" }, incident.number), " ", incident.title || t("console.untitled"), " ",
    h("span", { class: "quiet" }, [nameOf(incident, "category_name"), word("incident_state", incident.state)].join(" · ")));
}

// The countdown that was clicked is the one to look at.
function goToAsked() {
  const wanted = window.location.hash.slice(1);
  const card = wanted && document.getElementById(wanted);
  if (!card) return;
  card.closest("details")?.setAttribute("open", "");
  for (const one of document.querySelectorAll(".asked")) one.classList.remove("asked");
  card.classList.add("asked");
  card.focus();
  card.scrollIntoView({ block: "start" });
}

function failed(error) {
  if (!(error instanceof Problem)) throw error;
  if (error.status === 401) return window.location.assign(signInFirst());
  if (!drawn) byId("why").replaceChildren();
  byId("why").removeAttribute("aria-busy");
  const said = error.status ? error.message : t("why.no_answer");
  return byId("problem").replaceChildren(h("p", { class: "notice bad" }, said));
}
