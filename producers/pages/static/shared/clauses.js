// How a clause is named, and how sure its number is.

import { h } from "./dom.js";
import { t } from "./texts.js";

/** `第 3 条`: a pack may name an article by its number alone. */
export function article({ article: said }) {
  return /^\d+$/.test(said ?? "") ? t("console.article", { n: said }) : said;
}

/** How far its text was read, and whether its minutes are the house's own target for 立即. */
export function flags({ status, working_target: isTarget }) {
  const code = /^V\d$/.test(status) ? `${status} ` : "";
  return [
    h("span", { class: "flag", dataset: { status } }, `${code}${t(`status.${status}`)}`),
    isTarget ? [" ", h("span", { class: "flag target", title: t("why.target_means") }, t("why.target"))] : null,
  ];
}
