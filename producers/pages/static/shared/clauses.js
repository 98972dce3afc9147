// How a clause is named.

import { t } from "./texts.js";

/** `第 3 条`: a pack may name an article by its number alone. */
export function article({ article: said }) {
  return /^\d+$/.test(said ?? "") ? t("console.article", { n: said }) : said;
}
