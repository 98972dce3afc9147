// The grade that the rules propose, with the criterion that decided. It stands beside the grade, never in its place.

import { article, flags } from "../shared/clauses.js";
import { h } from "../shared/dom.js";
import { nameOf, t, word } from "../shared/texts.js";

/** In a list: the grade alone, and only where it differs from the one that was set. */
export function briefProposal({ grade, proposed_grade: proposed }) {
  if (!proposed || proposed.grade === grade) return null;
  return h("span", { class: "proposed", title: proposalWords(proposed) }, t("grade.proposed", { n: proposed.grade }));
}

/** With the criterion, its clause, and how well the clause was read. */
export function fullProposal({ proposed_grade: proposed }) {
  if (!proposed) return null;
  return h("p", { class: "proposed" }, proposalWords(proposed), " ",
    flags(proposed));
}

/** 建议 II 级 · 死亡10人以上 · 国务院令第493号 第 3 条 */
export function proposalWords(proposed) {
  const clause = [proposed.number ?? proposed.document, article(proposed)].filter(Boolean).join(" ");
  return [t("grade.proposed", { n: proposed.grade }), nameOf(proposed, "title"), clause].filter(Boolean).join(" · ");
}

/** Ask for the reason as soon as another grade is chosen; without one it is sent all the same. */
export function askWhy(form, { proposed_grade: proposed }) {
  if (!proposed) return;
  const label = form.querySelector("[for=dialog-note]");
  const choice = form.elements.grade;
  const show = () => {
    const differs = choice.value !== proposed.grade;
    label.textContent = t(differs ? "grade.why_different" : "grade.note");
    label.classList.toggle("asked", differs);
  };
  choice.addEventListener("change", show);
  show();
}

/** What a regrade says of the proposal at that moment. */
export function decided({ why, proposed }) {
  if (!why) return "";
  const reason = word("reason", why);
  return proposed && why !== "as_proposed" ? `${proposalWords(proposed)} · ${reason}` : reason;
}
