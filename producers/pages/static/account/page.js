// One's own account: where am I signed in, which tokens speak for me, a new password. Every act happens once.

import { get, post, remove, Problem } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { onceFor, onceNamed } from "../shared/once.js";
import { loadSession, signInFirst, signOut } from "../shared/session.js";
import { personAndPost, t } from "../shared/texts.js";
import { stampOf } from "../shared/zone.js";

const PATH = "/api/v1/account";
const session = await loadSession();
if (!session) window.location.assign(signInFirst());
else await start();

async function start() {
  byId("who").textContent = personAndPost(session.person);
  byId("logout").addEventListener("click", async () => {
    if (!(await signOut())) window.alert(t("nav.logout_offline"));
  });
  byId("end-others").addEventListener("click", () => act("end-others", endOthers));
  byId("password").addEventListener("submit", (event) => {
    event.preventDefault();
    onceFor(event.target, () => carefully(changePassword));
  });
  await carefully(list);
}

function act(name, what) {
  return onceNamed(name, () => carefully(what));
}

async function carefully(what) {
  byId("problem").replaceChildren();
  byId("done").replaceChildren();
  try {
    const said = await what();
    if (said) byId("done").replaceChildren(h("p", { class: "notice good" }, said));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return window.location.assign(signInFirst());
    byId("problem").replaceChildren(h("p", { class: "notice bad" }, error.status ? error.message : t("dialog.no_answer")));
  }
}

async function list() {
  const { sessions } = await get(`${PATH}/sessions`);
  const { tokens } = await get(`${PATH}/tokens`);
  byId("sessions").replaceChildren(...sessions.map(sessionLine));
  byId("end-others").hidden = sessions.length < 2;
  byId("tokens").replaceChildren(...(tokens.length ? tokens.map(tokenLine) : [h("li", { class: "quiet" }, t("account.no_tokens"))]));
}

function sessionLine(one) {
  const times = t("account.session_times", { from: stampOf(one.created_at), seen: stampOf(one.seen_at) });
  const what = h("span", {}, h("b", {}, one.this ? t("account.this") : device(one.agent)), ` ${one.address}`, h("br"),
    h("span", { class: "quiet" }, times));
  if (one.this) return h("li", {}, what);
  const end = () => act(one.session_id, async () => {
    await remove(`${PATH}/sessions/${one.session_id}`);
    await list();
    return t("account.ended", { n: 1 });
  });
  return h("li", {}, what, h("button", { type: "button", onclick: end }, t("account.end")));
}

function tokenLine(one) {
  const until = one.expires_at ? t("account.token_until", { at: stampOf(one.expires_at) }) : "";
  const what = h("span", {}, h("b", {}, one.label || one.token_id), h("br"), h("span", { class: "quiet" }, until));
  const revoke = () => act(one.token_id, async () => {
    if (!window.confirm(t("account.revoke_sure"))) return undefined;
    await remove(`${PATH}/tokens/${one.token_id}`);
    await list();
    return t("account.revoked");
  });
  return h("li", {}, what, h("button", { type: "button", onclick: revoke }, t("account.revoke")));
}

/** Short and readable; who wants all of it finds it in the interface. */
function device(agent) {
  const found = /(MicroMessenger|Edg|Firefox|Chrome|Safari)/.exec(agent ?? "");
  const system = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/.exec(agent ?? "");
  return [found?.[1], system?.[1]].filter(Boolean).join(" · ") || t("account.unknown_device");
}

async function endOthers() {
  const { ended } = await post(`${PATH}/sessions/end-others`);
  await list();
  return t("account.ended", { n: ended });
}

async function changePassword() {
  const [current, fresh, again] = ["current", "new", "again"].map((id) => byId(id));
  if (fresh.value !== again.value) throw new Problem(422, { detail: t("account.not_the_same") });
  await post(`${PATH}/password`, { current: current.value, new: fresh.value });
  for (const field of [current, fresh, again]) field.value = "";
  await list();
  return t("account.changed");
}
