// Says in red that a report was NOT received and whom to phone. It stands until every copy has been received.

import { byId, h, phoneLink } from "../shared/dom.js";
import { signInFirst } from "../shared/session.js";
import { t } from "../shared/texts.js";

export function showBanner(copies, { phone, live }) {
  const waiting = copies.filter((copy) => copy.state === "waiting" && copy.trouble);
  const place = byId("banner");
  const signedOut = waiting.some((copy) => copy.trouble === "signed_out") || live === "signed_out";
  const sentence = signedOut ? "signed_out" : waiting.length ? "not_received" : "";
  const call = waiting.find((copy) => copy.phone)?.phone ?? phone;
  const mark = `${sentence} ${waiting.length} ${call}`;
  // The same words again would be read out again by a screen reader at every retry.
  if (place.dataset.mark === mark) return;
  place.dataset.mark = mark;
  place.hidden = !sentence;
  place.classList.toggle("soft", signedOut);
  place.replaceChildren(...(sentence === "signed_out" ? signInAgain() : notReceived(waiting, call)));
}

function notReceived(waiting, phone) {
  if (!waiting.length) return [];
  return [
    h("strong", {}, t("banner.not_received")),
    h("span", {}, t("banner.call_now"), " ", phoneLink(phone) ?? t("banner.no_phone")),
    h("small", {}, t("banner.kept", { n: waiting.length })),
  ];
}

function signInAgain() {
  return [h("strong", {}, t("banner.signed_out")), h("a", { href: signInFirst() }, t("banner.sign_in"))];
}
