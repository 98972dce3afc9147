// Which packs stand, which come, and every upload with its name and moment.

import { byId, h } from "../shared/dom.js";
import { nameOf, t } from "../shared/texts.js";
import { dateOf, timeOf } from "../shared/zone.js";

const COLUMNS = ["pack", "region", "limits", "since", "edit"];
const OWN = "county.";

export function showLists({ packs, coming, uploads }, edit) {
  const order = [...packs].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || a.pack_id.localeCompare(b.pack_id));
  const elsewhere = order.filter((one) => !one.here);
  byId("standing").replaceChildren(...table(order.filter((one) => one.here), edit));
  byId("elsewhere").replaceChildren(...(elsewhere.length ? [h("details", { class: "part" },
    h("summary", {}, t("packs.elsewhere", { n: elsewhere.length })), h("div", { class: "scroll" }, h("table", {}, table(elsewhere, edit))))] : []));
  byId("coming").replaceChildren(...(coming.length ? [h("h3", {}, t("packs.coming")), h("ul", { class: "silent" }, coming.map(upload))] : []));
  byId("uploads").replaceChildren(...(uploads.length ? uploads.map(upload) : [h("li", { class: "quiet" }, t("packs.no_uploads"))]));
}

function table(packs, edit) {
  return [
    h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col" }, t(`packs.col_${name}`))))),
    h("tbody", {}, packs.map((one) => row(one, edit))),
  ];
}

function isOwn(one) {
  return one.pack_id.startsWith(OWN);
}

function row(one, edit) {
  const button = () => h("button", { type: "button", "aria-label": `${t("packs.edit")} ${one.pack_id}`, onclick: () => edit(one) }, t("packs.edit"));
  return h("tr", {},
    h("th", { scope: "row" }, nameOf(one, "title"), h("br"), h("span", { class: "quiet" }, `${one.pack_id} ${one.version}`)),
    h("td", {}, one.region.join(" ") || t("packs.everywhere")),
    h("td", {}, String(one.limits)),
    h("td", {}, one.shipped ? t("packs.shipped") : t("packs.since", { at: moment(one.in_force_from), name: one.uploaded_by_name })),
    h("td", {}, isOwn(one) ? button() : null));
}

function upload(one) {
  return h("li", {}, h("b", {}, `${one.pack_id} ${one.version}`), " ",
    t("packs.upload", { from: moment(one.in_force_from), at: moment(one.uploaded_at), name: one.uploaded_by_name }),
    one.note ? h("p", {}, one.note) : null,
    h("p", { class: "quiet" }, `SHA-256 ${one.sha256.slice(0, 16)}…`));
}

function moment(text) {
  const ms = Date.parse(text);
  return `${dateOf(ms)} ${timeOf(ms, false)}`;
}
