// Change without release: check a pack, see what it would change, put it in force from a stated moment.
// What is put in force is the very text that was checked; typing anew begins anew.

import { get, post, Problem } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { ctrlEnterSends, enterNeverSends, onceFor } from "../shared/once.js";
import { loadSession, signInFirst, signOut } from "../shared/session.js";
import { personAndPost, t } from "../shared/texts.js";
import { newId } from "../shared/uuid.js";
import { dateOf, fromWall, rfc3339, stampOf, toWall } from "../shared/zone.js";
import { showChecked } from "./checked.js";
import { showLists } from "./lists.js";

const PATH = "/api/v1/packs";
const LARGEST = 1024 * 1024;
const PATIENT = { timeout: 120_000 };
let checked = null;
let actId = null; // of putting in force what was checked: the same for every try
let fileName = "pack.toml";

const session = await loadSession();
if (!session) window.location.assign(signInFirst());
else await start();

async function start() {
  byId("who").textContent = personAndPost(session.person);
  byId("logout").addEventListener("click", async () => {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
  });
  byId("file").addEventListener("change", takeFile);
  byId("toml").addEventListener("input", beginAnew);
  on("upload", check);
  on("adopt", adopt);
  await carefully(list);
}

function on(name, act) {
  const form = byId(name);
  enterNeverSends(form);
  ctrlEnterSends(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onceFor(form, () => carefully(act));
  });
}

async function carefully(act) {
  byId("problem").replaceChildren();
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return window.location.assign(signInFirst());
    complain(error.status ? error.message : t("dialog.no_answer"), error.errors);
  }
}

function complain(said, errors = []) {
  byId("problem").replaceChildren(h("div", { class: "notice bad" }, h("p", {}, said),
    errors.length > 1 ? h("ul", {}, errors.map((one) => h("li", {}, one.detail))) : null));
  byId("problem").scrollIntoView({ block: "nearest" });
}

async function list() {
  const said = await get(PATH);
  showLists(said, edit);
  if (!byId("begins").value) byId("begins").value = toWall(Date.parse(said.next_midnight));
}

// The text that stands, as a draft for the next version.
async function edit(one) {
  await carefully(async () => {
    const { toml } = await get(`${PATH}/${encodeURIComponent(one.pack_id)}?version=${encodeURIComponent(one.version)}`);
    fileName = `${one.pack_id}.toml`;
    byId("toml").value = toml;
    beginAnew();
    byId("toml").focus();
    byId("toml").setSelectionRange(0, 0);
    byId("upload").scrollIntoView();
  });
}

async function takeFile() {
  const [file] = byId("file").files;
  if (!file) return;
  beginAnew();
  byId("problem").replaceChildren();
  byId("toml").value = "";
  if (file.size > LARGEST) return complain(t("packs.too_large", { name: file.name }));
  try {
    byId("toml").value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    fileName = file.name;
  } catch {
    complain(t("packs.not_utf8", { name: file.name }));
  }
}

function beginAnew() {
  checked = null;
  byId("done").replaceChildren();
  for (const name of ["checked", "adopt"]) byId(name).hidden = true;
}

async function check() {
  beginAnew();
  const toml = byId("toml").value;
  if (!toml.trim()) return complain(t("packs.empty"));
  const said = await post(`${PATH}?check=1`, { toml, file: fileName }, PATIENT);
  if (byId("toml").value !== toml) return undefined; // somebody typed on: that is another text
  checked = said.sound ? toml : null;
  actId = newId();
  showChecked(said);
  byId("adopt").hidden = !said.sound;
  byId("checked").focus();
  return byId("checked").scrollIntoView({ block: "start" });
}

async function adopt() {
  const begins = fromWall(byId("begins").value);
  if (checked === null || begins === null) return;
  const body = { toml: checked, in_force_from: rfc3339(begins), note: byId("note").value, file: fileName, act_id: actId };
  const { adopted } = await post(PATH, body, PATIENT).catch((error) => {
    if (error.status) actId = newId(); // refused: the next try is another act
    throw error;
  });
  beginAnew();
  byId("toml").value = "";
  byId("file").value = "";
  byId("note").value = "";
  const from = Date.parse(adopted.in_force_from);
  byId("done").replaceChildren(h("p", { class: "notice good" },
    t("packs.done", { id: adopted.pack_id, version: adopted.version, at: `${dateOf(from).slice(0, 4)}-${stampOf(from, false)}` })));
  await list();
  byId("done").scrollIntoView({ block: "center" });
}
