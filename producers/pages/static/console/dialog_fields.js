// The fields of a dialog, built from their description, each with its label, its hint and the place for its error.

import { h } from "../shared/dom.js";
import { serverNow } from "../shared/clock.js";
import { t } from "../shared/texts.js";
import { toWall } from "../shared/zone.js";

/** A field, or a part of a dialog with its own fields. */
export function part(field) {
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
    return h("input", { ...common, inputmode: "text", maxlength: 200, placeholder: t("unknown"), dataset: { kind: "count" }, value: value ?? "" });
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
