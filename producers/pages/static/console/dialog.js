// One native dialog, filled from a description of its fields. Ctrl+Enter sends once, Enter alone never does, Esc closes.
// A problem is said beside the field it names. What was typed is kept until it was sent.

import { Problem } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { clearErrors, fill, gather, halfFilledErrors, showErrors, valueAt } from "../shared/fields.js";
import { ctrlEnterSends, enterNeverSends, isRunning, onceFor } from "../shared/once.js";
import { t } from "../shared/texts.js";
import { newId } from "../shared/uuid.js";
import { desk } from "./desk.js";
import { part } from "./dialog_fields.js";
import { dropDraft, keepDraft, readDraft } from "./drafts.js";
import { toast } from "./toast.js";

/**
 * `asked`: {name, about, title, lead, fields, button, danger, keep, prepare(form), send(values, id), done(answer),
 * refused(problem)}. `about`: the incident; `id`: the same for every try of this act. `keep`: "all" that was typed
 * survives, or its "words" alone, where times and choices of an earlier moment would be wrong.
 * A field: {name, label, type, options, value, hint, chips, rows, required} or {legend, fields, folded}.
 */
export function openDialog(asked) {
  const dialog = byId("dialog");
  const form = formOf(asked, dialog);
  const draft = draftOf(asked, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit({ ...asked, draft }, form, dialog);
  });
  enterNeverSends(form);
  ctrlEnterSends(form);
  dialog.replaceChildren(form);
  asked.prepare?.(form);
  draft.begin();
  for (const kind of ["input", "change"]) form.addEventListener(kind, draft.keep);
  dialog.onclose = draft.keep;
  dialog.showModal();
  form.querySelector("[data-first]")?.focus();
  return form;
}

function formOf(asked, dialog) {
  return h("form", { method: "dialog", novalidate: true, class: `form-${asked.name}` },
    h("h2", { id: "dialog-title" }, asked.title),
    asked.lead ? h("p", { class: "quiet" }, asked.lead) : null,
    h("p", { class: "notice draft", hidden: true }),
    h("div", { class: "fields" }, asked.fields.map(part)),
    h("p", { class: "form-problem", role: "alert" }),
    h("div", { class: "dialog-acts" },
      h("button", { type: "button", onclick: () => dialog.close() }, t(asked.send ? "dialog.cancel" : "dialog.close"), " ", h("kbd", {}, "Esc")),
      asked.send ? h("button", { type: "submit", class: asked.danger ? "danger" : "primary" }, asked.button, " ", h("kbd", {}, "Ctrl+Enter")) : null));
}

// The id is kept with the words: a call that was sent, got no answer and is sent again from its draft is one report.
function draftOf(asked, form) {
  const name = nameOf(asked);
  const { login } = desk.session.person;
  const kept = asked.keep ? readDraft(login, name) : null;
  let untouched = "";
  const draft = {
    id: kept?.id ?? newId(),
    begin() {
      untouched = JSON.stringify(typedIn(form, asked.keep));
      if (kept) restore(kept.values);
    },
    // An untouched form is no draft: its call time would be wrong at the next call.
    keep() {
      if (!asked.keep || form.dataset.sent) return;
      const values = typedIn(form, asked.keep);
      if (JSON.stringify(values) === untouched) dropDraft(login, name);
      else keepDraft(login, name, { values, id: draft.id });
    },
    drop: () => dropDraft(login, name),
    anew() {
      draft.id = newId();
      draft.keep();
    },
  };
  return draft;

  function restore(values) {
    refill(form, values);
    const note = form.querySelector(".draft");
    note.hidden = false;
    note.append(t("dialog.draft"), " ", h("button", { type: "button", class: "link", onclick: () => {
      draft.drop();
      form.dataset.sent = "dropped";
      openDialog.again(asked);
    } }, t("dialog.draft_drop")));
  }
}

function typedIn(form, keep) {
  if (keep !== "words") return gather(form);
  const texts = [...form.querySelectorAll("textarea, input:not([data-kind], [type=checkbox])")];
  return Object.fromEntries(texts.filter(({ value }) => value.trim()).map(({ name, value }) => [name, value]));
}

// What the draft does not know stays as the dialog proposes it.
function refill(form, values) {
  const proposed = new Map([...form.querySelectorAll("[name]:not([type=checkbox])")].map((input) => [input, input.value]));
  fill(form, values);
  for (const [input, value] of proposed) if (valueAt(values, input.name) === undefined) input.value = value;
}

openDialog.again = (asked) => {
  byId("dialog").close();
  openDialog(asked);
};

function nameOf({ name, about }) {
  return about ? `${name}-${about}` : name;
}

async function submit(asked, form, dialog) {
  const name = `dialog-${nameOf(asked)}`;
  const problem = form.querySelector(".form-problem");
  if (isRunning(name)) {
    problem.textContent = t("dialog.sending");
    return;
  }
  clearErrors(form);
  problem.textContent = "";
  const half = halfFilledErrors(form);
  if (half.length) {
    showErrors(form, half);
    return;
  }
  await onceFor(form, () => sendIt(asked, form, dialog), name);
}

async function sendIt(asked, form, dialog) {
  const isShown = () => dialog.open && dialog.contains(form);
  try {
    const answer = await asked.send(gather(form), asked.draft.id);
    form.dataset.sent = "yes";
    asked.draft.drop();
    if (isShown()) dialog.close();
    asked.done?.(answer);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 409) asked.draft.anew(); // decided anew: what was refused is another act than the next try
    asked.refused?.(error);
    const left = showErrors(form, error.errors).filter(({ detail }) => !isSaid(error, detail));
    const said = [sentence(error), ...left.map((one) => `${one.field ?? ""} ${one.detail || one.reason}`)].join(" · ");
    form.querySelector(".form-problem").textContent = said;
    if (!isShown()) toast(`${asked.title}: ${said}`, "bad"); // closed while it was under way: said all the same
  }
}

// A fault without a field of its own here often repeats the sentence above it.
function isSaid(problem, detail) {
  return problem.reason === "id_reused" || [problem.title, problem.detail].includes(detail);
}

/** What went wrong, in words; nothing pretends that it was done. */
export function sentence(problem) {
  if (problem.status === 0) return t("dialog.no_answer");
  if (problem.status === 401) return t("banner.sign_in_again");
  if (problem.reason === "id_reused") return t("dialog.was_done");
  return [problem.title, problem.detail].filter(Boolean).join(": ") || `HTTP ${problem.status}`;
}
