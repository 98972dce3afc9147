// The reporter's page: report, and see honestly what became of it.

import { Problem } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { once } from "../shared/once.js";
import { forgetSession, getKept, loadSession, signOut } from "../shared/session.js";
import { namesFrom } from "../shared/names.js";
import { nameOf, t } from "../shared/texts.js";
import { showBanner } from "./banner.js";
import { copiesOf, onChange, remove, unsentOfOthers } from "./copies.js";
import { showCopies } from "./copies_view.js";
import { forgetDrafts } from "./draft.js";
import { reportForm } from "./form.js";
import { startOutbox, wake } from "./outbox.js";
import { changed, followUp, mend, startSending } from "./sending.js";

const session = await loadSession();
let names = {};
let lastSaid = "";

if (session) await start();
else signedOut();

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch((error) => console.warn(error));

async function start() {
  const [lists, nodes] = await Promise.all([getKept("lists", "/api/v1/categories"), getKept("nodes", "/api/v1/nodes")]);
  byId("who").textContent = `${nameOf(session.person.node)} · ${nameOf(session.person)}`;
  const empty = { categories: [], grades: ["ungraded"], tags: [] };
  names = namesFrom(lists, nodes?.nodes ?? []);
  const form = reportForm({ session, lists: lists ?? empty, nodes: nodes?.nodes ?? [], changed });
  await startSending(form, session.person);
  byId("logout").addEventListener("click", once(leave));
  onChange(show);
  startOutbox(login());
  await show();
}

function login() {
  return session.person.login;
}

async function show() {
  const copies = await copiesOf(login());
  showCopies(copies, { names, sendNow: () => wake(true), discard, edit: mend, followUp });
  showBanner(copies, { phone: session.county?.phone });
  const newest = copies[0];
  const said = newest ? `${t(`copies.${newest.state}`)} ${newest.receipt_no ?? ""}` : "";
  if (said !== lastSaid) byId("copies-live").textContent = said;
  lastSaid = said;
  const others = await unsentOfOthers(login());
  byId("others").textContent = others ? t("copies.others", { n: others }) : "";
}

async function discard(copy) {
  if (window.confirm(t("copies.discard_sure"))) await remove(copy.report_id);
}

async function leave() {
  const copies = await copiesOf(login());
  const unsent = copies.filter((copy) => copy.state !== "stored").length;
  if (unsent && !window.confirm(t("copies.leave_sure", { n: unsent }))) return;
  try {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
    else forgetDrafts();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function signedOut() {
  forgetSession();
  byId("form").hidden = true;
  showBanner([], { live: "signed_out" });
}
