// "My reports": each copy with its honest state. What was refused says which field and why, and can be mended.

import { byId, h, phoneLink, swap } from "../shared/dom.js";
import { labelList, t, word } from "../shared/texts.js";
import { stampOf, timeOf } from "../shared/zone.js";
import { reportContent } from "../shared/report_content.js";

const MARKS = { waiting: "◷", accepted: "✓", stored: "✓✓", refused: "✕" };

export function showCopies(copies, acts) {
  swap(byId("copies"), copies.length ? copies.map((copy) => row(copy, acts)) : h("li", { class: "quiet none" }, t("copies.none")));
}

function row(copy, acts) {
  const { body } = copy;
  const isBad = copy.state === "refused" || Boolean(copy.trouble);
  return h("li", { class: `copy ${copy.state}${isBad ? " not-received" : ""}`, dataset: { report: copy.report_id, state: copy.state } },
    h("p", { class: "copy-state" },
      h("span", { class: "mark", "aria-hidden": "true" }, MARKS[copy.state]),
      h("strong", {}, t(`copies.${copy.state}`)), " ", h("span", { class: "copy-facts" }, facts(copy))),
    h("p", { class: "copy-title" }, `${word("stage", body.stage)} · ${titleOf(body)}`),
    copy.state === "waiting" ? h("p", { class: copy.trouble ? "bad-text" : "quiet" }, t(`copies.trouble_${copy.trouble ?? "sending"}`)) : null,
    copy.problem ? problemOf(copy.problem) : null,
    copy.state === "refused" ? h("p", { class: "bad-text" }, t("copies.refused_do")) : null,
    isBad && copy.state !== "accepted" ? call(copy.phone ?? acts.phone) : null,
    copy.missing_labels?.length ? h("p", { class: "quiet" }, t("copies.still_missing", { list: labelList(copy.missing_labels) })) : null,
    h("details", { dataset: { key: `copy-${copy.report_id}` } }, h("summary", {}, t("copies.content")), reportContent(body, acts.names)),
    h("div", { class: "copy-acts" }, buttons(copy, acts)));
}

function call(phone) {
  return phone ? h("p", { class: "bad-text" }, t("banner.call_now"), " ", phoneLink(phone)) : null;
}

function titleOf(body) {
  return body.title || body.details?.process?.slice(0, 40) || body.place?.text || t("copies.untitled");
}

function facts(copy) {
  if (copy.state === "stored") return t("copies.facts_stored", { number: copy.number ?? "–", receipt: copy.receipt_no ?? "" });
  if (copy.state === "accepted") {
    return t("copies.facts_accepted", { receipt: copy.receipt_no, at: timeOf(copy.received_at) });
  }
  return t("copies.facts_saved", { at: stampOf(copy.created_at) });
}

function problemOf({ title, detail, reason, errors }) {
  const items = errors.map((error) =>
    h("li", {}, h("b", {}, fieldName(error.field)), " ", error.detail || word("reason", error.reason)));
  return h("div", { class: "bad-text" }, h("p", {}, detail || title || word("reason", reason)), items.length ? h("ul", {}, items) : null);
}

function fieldName(field) {
  const last = (field ?? "").split(".").slice(-2).join(".");
  return [field, last].map((name) => [name, word("field", name)]).find(([name, text]) => text !== name)?.[1] ?? field ?? "";
}

function buttons(copy, acts) {
  const button = (name, act, kind = "") => {
    const key = `${name}-${copy.report_id}`;
    return h("button", { type: "button", class: kind, dataset: { key, act: name }, onclick: () => act(copy) }, t(`copies.act_${name}`));
  };
  if (copy.state === "waiting") return [button("send_now", acts.sendNow), button("discard", acts.discard, "link")];
  if (copy.state === "refused") return [button("edit", acts.edit, "primary"), button("discard", acts.discard, "link")];
  if (copy.state === "stored" && copy.body.stage !== "final") return [button("follow_up", acts.followUp)];
  return [];
}
