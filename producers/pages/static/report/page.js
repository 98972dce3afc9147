// The reporter's page: report, and see honestly what became of it.

import { Problem } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { once } from "../shared/once.js";
import { forgetSession, getKept, loadSession, signOut } from "../shared/session.js";
import { namesFrom } from "../shared/names.js";
import { nameOf, t } from "../shared/texts.js";
import { signedInNow, watchAccount } from "./account.js";
import { showBanner } from "./banner.js";
import { copiesOf, onChange, remove, trim, unsentOfOthers } from "./copies.js";
import { showCopies } from "./copies_view.js";
import { forgetDrafts } from "./draft.js";
import { watchDuties } from "./duties.js";
import { showDuties, showReceipt, startDutyClock } from "./duties_view.js";
import { ownPlaces, reportForm } from "./form.js";
import { promisedToKeep } from "./keeping.js";
import { lists } from "./lists.js";
import { keepForOffline } from "./offline.js";
import { startOutbox, wake } from "./outbox.js";
import { changed, followUp, isWriting, lastSent, mend, startSending } from "./sending.js";
import { storeTrouble } from "./store.js";

const asServed = document.documentElement.outerHTML;
const session = await loadSession();
const person = session?.person ?? null;
let names = {};
let lastSaid = "";
let askDuties = () => {};

if (session) await start();
else await signedOut();

if ("serviceWorker" in navigator) keepForOffline(asServed).catch((error) => console.warn(error));

async function start() {
  const within = ownPlaces(person);
  const nodes = await getKept("nodes", `/api/v1/nodes${within ? `?within=${within}` : ""}`);
  showWho();
  names = namesFrom(lists, nodes?.nodes ?? []);
  const form = reportForm({ session, lists, nodes: nodes?.nodes ?? [], changed });
  await startSending(form, session);
  byId("logout").addEventListener("click", once(leave));
  onChange(show);
  watchAccount(session, () => {
    showWho();
    show();
    if (signedInNow()?.person_id === person.person_id) wake(true);
  });
  startOutbox(person);
  startDutyClock();
  askDuties = watchDuties(person, (known) => showDuties(known, followUp));
  await show();
  byId("not-kept").hidden = await promisedToKeep();
}

function showWho() {
  const now = signedInNow();
  const mine = `${nameOf(person.node)} · ${nameOf(person)}`;
  const isOther = now && now.person_id !== person.person_id;
  byId("who").textContent = isOther ? t("account.other", { mine, now: nameOf(now) }) : now === null ? t("account.out", { mine }) : mine;
  byId("who").classList.toggle("bad-text", Boolean(isOther) || now === null);
}

async function show() {
  const copies = await copiesOf(person);
  showCopies(copies, { names, phone: session.county?.phone, sendNow: () => wake(true), discard, edit: mend, followUp });
  showBanner({
    copies, person, others: await unsentOfOthers(person), now: signedInNow(), storage: storeTrouble(),
    phone: session.county?.phone,
  });
  showReceipt(copies.find((copy) => copy.report_id === lastSent()));
  const newest = copies[0];
  const said = newest ? `${t(`copies.${newest.state}`)} ${newest.receipt_no ?? ""}` : "";
  if (said === lastSaid) return;
  byId("copies-live").textContent = said;
  lastSaid = said;
  askDuties();
}

async function discard(copy) {
  if (window.confirm(t("copies.discard_sure"))) await remove(copy.report_id);
}

// What stays on the device after signing out: her own copies that are not stored yet, for nowhere else has them.
async function leave() {
  const copies = await copiesOf(person);
  const unsent = copies.filter((copy) => copy.state !== "stored").length;
  const words = [unsent ? t("copies.leave_sure", { n: unsent }) : null, isWriting() ? t("report.leave_draft") : null].filter(Boolean);
  if (words.length && !window.confirm(words.join("\n\n"))) return;
  try {
    if (!(await signOut())) {
      window.alert(t("nav.logout_offline"));
      return;
    }
    forgetDrafts();
    await trim(person, 0);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

async function signedOut() {
  forgetSession();
  byId("form").hidden = true;
  const nobody = { person_id: null, login: null };
  showBanner({ copies: [], others: await unsentOfOthers(nobody), person: null, now: null, storage: storeTrouble() });
}
