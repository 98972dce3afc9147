// Lists to choose from, built from what the server knows.

import { nameOf, t, word } from "../shared/texts.js";

const HARM = ["deaths", "missing", "serious_injuries", "injuries", "trapped", "evacuated"];

export function words(group, values) {
  return values.map((value) => ({ value, label: word(group, value) }));
}

/** Categories in groups of their first part, indented by depth. */
export function categoryOptions(categories) {
  const tops = categories.filter(({ id }) => !id.includes("."));
  return tops.map((top) => ({
    group: nameOf(top),
    options: categories.filter(({ id }) => id === top.id || id.startsWith(`${top.id}.`))
      .map((one) => ({ value: one.id, label: `${"　".repeat(Math.max(0, one.id.split(".").length - 2))}${nameOf(one)}` })),
  }));
}

export function divisionOptions(nodes) {
  const places = nodes.filter(({ role, division }) => division && ["township", "village", "county"].includes(role));
  return [{ value: "", label: t("unknown") }, ...places.map((node) => ({ value: node.division, label: nameOf(node) }))];
}

export function incidentOptions(incidents) {
  const open = incidents.filter((one) => one.state !== "closed").slice(0, 200);
  return [{ value: "", label: t("call.new_incident") },
    ...open.map((one) => ({ value: one.incident_id, label: `${one.number} ${one.title ?? ""}` }))];
}

export function casualtyFields() {
  return {
    legend: t("report.casualties"), kind: "numbers",
    fields: HARM.map((name) => ({ name: `casualties.${name}`, type: "count", label: word("field", `casualties.${name}`) })),
  };
}

export function textField(path, extra = {}) {
  return { name: path, type: "textarea", label: word("field", path), rows: 2, ...extra };
}
