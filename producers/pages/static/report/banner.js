// Says in red what was NOT received, why, whom to phone and what to do. It stands until there is nothing to say: one
// short line that stays in sight, and below it one sentence for each kind of trouble.

import { byId, h, phoneLink } from "../shared/dom.js";
import { signInFirst } from "../shared/session.js";
import { nameOf, t } from "../shared/texts.js";

const FAILED = new Set(["offline", "not_received"]);

/** The duty room's phone as the page carries it, for a device that knows nothing else. */
export function dutyPhone() {
  return byId("banner").dataset.phone || null;
}

/** `person`: whose page this is, null when signed out; `now`: who is signed in (undefined: not known). */
export function showBanner({ copies, others, person, now, storage, phone }) {
  const said = parts({ copies, others, person, now, storage });
  const call = copies.find((copy) => copy.state === "waiting" && copy.phone)?.phone ?? phone ?? dutyPhone();
  const place = byId("banner");
  const mark = JSON.stringify([said.map(({ key, values }) => [key, values]), call]);
  // The same words again would be read out again by a screen reader at every retry.
  if (place.dataset.mark === mark) return;
  place.dataset.mark = mark;
  place.hidden = !said.length;
  byId("banner-more").hidden = !said.length;
  if (!said.length) return;
  place.replaceChildren(
    h("strong", {}, t(`banner.${said[0].title ?? said[0].key}`)),
    h("span", {}, t("banner.call_now"), " ", phoneLink(call) ?? t("banner.no_phone")));
  byId("banner-more").replaceChildren(...said.map(({ key, values, link }) =>
    h("p", {}, t(`banner.${key}_do`, values), link ? [" ", h("a", { href: link.to }, t(link.word))] : null)));
}

// The gravest first: its words stand in the line that stays.
function parts({ copies, others, person, now, storage }) {
  const waiting = copies.filter((copy) => copy.state === "waiting");
  const unsent = waiting.filter((copy) => FAILED.has(copy.trouble));
  const refused = copies.filter((copy) => copy.state === "refused");
  const isOther = Boolean(now && person && now.person_id !== person.person_id);
  const isOut = !person || now === null || waiting.some((copy) => copy.trouble === "signed_out");
  const signIn = { to: signInFirst(), word: "banner.sign_in" };
  return [
    storage ? { key: "storage", values: { why: storage } } : null,
    isOut && !isOther ? { key: waiting.length ? "signed_out" : "signed_out_clean", title: "signed_out", values: { n: waiting.length }, link: signIn } : null,
    isOther ? { key: "other_person", values: { now: nameOf(now), author: nameOf(person), n: waiting.length } } : null,
    unsent.length && !isOut && !isOther ? { key: "not_received", values: { n: unsent.length } } : null,
    refused.length ? { key: "refused", values: { n: refused.length }, link: { to: "#copies-title", word: "banner.show" } } : null,
    ...others.map(({ name, n }) => ({ key: "others", values: { name, n } })),
  ].filter(Boolean);
}
