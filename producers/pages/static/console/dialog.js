// One native dialog, filled from a description of its fields. Ctrl+Enter sends, Esc closes, a problem is said beside the
// field it names. What was typed into a long dialog survives an accidental Esc.

import { Problem } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { clearErrors, fill, gather, showErrors } from "../shared/fields.js";
import { serverNow } from "../shared/clock.js";
import { t } from "../shared/texts.js";
import { toWall } from "../shared/zone.js";

// In the session's storage, so that a sign-in that ran out in the middle of a call does not cost the words.
const drafts = {
  key: (name) => `jibao.dialog.${name}`,
  get: (name) => JSON.parse(sessionStorage.getItem(drafts.key(name)) ?? "null"),
  set: (name, values) => sessionStorage.setItem(drafts.key(name), JSON.stringify(values)),
  delete: (name) => sessionStorage.removeItem(drafts.key(name)),
};

/**
 * `asked`: {name, title, lead, fields, button, danger, keep, prepare(form), send(values), done(answer)}.
 * A field: {name, label, type, options, value, hint, chips, rows, required} or {legend, fields, folded}.
 */
export function openDialog(asked) {
  const dialog = byId("dialog");
  const form = h("form", { method: "dialog", novalidate: true, class: `form-${asked.name}` },
    h("h2", { id: "dialog-title" }, asked.title),
    asked.lead ? h("p", { class: "quiet" }, asked.lead) : null,
    h("div", { class: "fields" }, asked.fields.map(part)),
    h("p", { class: "form-problem", role: "alert" }),
    h("div", { class: "dialog-acts" },
      h("button", { type: "button", onclick: () => dialog.close() }, t(asked.send ? "dialog.cancel" : "dialog.close"), " ", h("kbd", {}, "Esc")),
      asked.send ? h("button", { type: "submit", class: asked.danger ? "danger" : "primary" }, asked.button, " ", h("kbd", {}, "Ctrl+Enter")) : null));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(asked, form, dialog);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) form.requestSubmit();
    // Enter alone in a line of a long form would send it half written.
    if (event.target.matches("input") && !event.ctrlKey && !event.metaKey && asked.keep) event.preventDefault();
  });
  dialog.replaceChildren(form);
  asked.prepare?.(form);
  const untouched = JSON.stringify(gather(form));
  if (asked.keep && drafts.get(asked.name)) fill(form, drafts.get(asked.name));
  // An untouched form is no draft: its call time would be wrong at the next call.
  const isWorthKeeping = () => asked.keep && !form.dataset.sent && JSON.stringify(gather(form)) !== untouched;
  dialog.onclose = () => isWorthKeeping() && drafts.set(asked.name, gather(form));
  dialog.showModal();
  form.querySelector("[data-first]")?.focus();
  return form;
}

async function submit(asked, form, dialog) {
  const problem = form.querySelector(".form-problem");
  const button = form.querySelector("[type=submit]");
  clearErrors(form);
  problem.textContent = "";
  button.disabled = true;
  try {
    const answer = await asked.send(gather(form));
    form.dataset.sent = "yes";
    drafts.delete(asked.name);
    dialog.close();
    asked.done?.(answer);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const left = showErrors(form, error.errors);
    problem.textContent = [sentence(error), ...left.map((one) => `${one.field ?? ""} ${one.detail || one.reason}`)].join(" · ");
  } finally {
    button.disabled = false;
  }
}

/** What went wrong, in words; nothing pretends that it was done. */
export function sentence(problem) {
  if (problem.status === 0) return t("dialog.no_answer");
  if (problem.status === 401) return t("banner.sign_in_again");
  return [problem.title, problem.detail].filter(Boolean).join(": ") || `HTTP ${problem.status}`;
}

function part(field) {
  if (!field) return null;
  if (!field.fields) return one(field);
  const inside = field.fields.map(part);
  if (field.folded) return h("details", {}, h("summary", {}, field.legend), h("div", { class: "fields" }, inside));
  return h("fieldset", { class: field.kind ?? "" }, h("legend", {}, field.legend), h("div", { class: "fields" }, inside));
}

function checks({ name, label, options }) {
  return h("fieldset", { class: "checks", dataset: { field: name } }, h("legend", {}, label),
    options.map(({ value, label: said }) => h("label", {}, h("input", { type: "checkbox", name, value }), " ", said)),
    h("p", { class: "field-error", dataset: { error: name } }));
}

function one(field) {
  if (field.type === "checks") return checks(field);
  const id = `dialog-${field.name}`;
  const input = control(field, id);
  const hint = field.hint ? h("small", { id: `${id}-hint` }, field.hint) : null;
  if (hint) input.setAttribute("aria-describedby", hint.id);
  return h("div", { class: `field ${field.type ?? "text"}`, dataset: { field: field.name } },
    h("label", { for: id }, field.label), input, field.chips ? agoChips(field.chips, input) : null, hint,
    h("p", { class: "field-error", dataset: { error: field.name } }));
}

function control(field, id) {
  const { name, type = "text", value = "" } = field;
  const common = { id, name, dataset: field.first ? { first: "" } : {} };
  if (type === "select") {
    const select = h("select", common, field.options.map(option));
    select.value = value ?? "";
    return select;
  }
  if (type === "textarea") return h("textarea", { ...common, rows: field.rows ?? 3, maxlength: 20000, value: value ?? "" });
  if (type === "time") {
    return h("input", { ...common, type: "datetime-local", dataset: { ...common.dataset, kind: "time" }, value: value ? toWall(value) : "" });
  }
  if (type === "count") {
    return h("input", { ...common, inputmode: "numeric", placeholder: t("unknown"), dataset: { kind: "count" }, value: value ?? "" });
  }
  return h("input", { ...common, type: type === "tel" ? "tel" : "text", maxlength: 200, list: field.list, value: value ?? "", autocomplete: "off" });
}

function option(one) {
  if (one.group) return h("optgroup", { label: one.group }, one.options.map(option));
  return h("option", { value: one.value }, one.label);
}

function agoChips(minutes, input) {
  return h("div", { class: "chips" }, minutes.map((n) =>
    h("button", { type: "button", class: "chip", onclick: () => {
      input.value = toWall(serverNow() - n * 60_000);
    } }, n ? `−${n} ${t("span.min")}` : t("report.now"))));
}
