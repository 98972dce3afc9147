// The reporter's form as one thing: read it as a report, fill it from one, empty it. Nothing in it is compulsory.

import { byId, h } from "../shared/dom.js";
import { t, word, nameOf } from "../shared/texts.js";
import { fill, gather, valueAt } from "../shared/fields.js";
import { categoryPicker } from "./category_picker.js";
import { stagePart } from "./stage.js";
import { whenChips } from "./when.js";

const HARM = ["deaths", "missing", "serious_injuries", "injuries"];
const BACKGROUND = new Set(["stage", "source.name", "source.phone", "place.division", "grade", "category", "medium"]);

/** Build the form for one session; `changed` is called after every edit. */
export function reportForm({ session, lists, nodes, changed }) {
  const form = byId("form");
  const picker = categoryPicker(byId("category"), lists.categories, changed);
  const stage = stagePart(form, changed);
  const sayWhen = whenChips(byId("when-chips"), byId("occurred_at"), byId("when-says"));
  fillChoices(session, lists, nodes);
  wirePending(form, changed);
  byId("nobody-hurt").addEventListener("click", () => {
    for (const name of HARM) form.elements[`casualties.${name}`].value = "0";
    changed();
  });
  byId("suggest-title").addEventListener("click", () => {
    byId("title").value = titleFrom(picker, lists).slice(0, 200);
    changed();
  });
  form.addEventListener("input", changed);

  function read() {
    const body = { medium: "written", ...gather(form) };
    const about = stage.incident();
    body.category = body.stage === "first" || body.stage === "correction" ? picker.value : about?.category ?? "other";
    if (body.category === "other" && about) body.category = about.category;
    return body;
  }

  function write(body) {
    fill(form, body);
    picker.choose(body.category ?? "other");
    stage.show();
    sayWhen();
    if (body.stage === "first") return; // a first report names no incident, so none is fetched
    stage.load(body.incident_id).then(() => body.corrects && stage.loadReports(body.corrects));
  }

  function empty() {
    write({ stage: "first", grade: "ungraded", source: known(session, nodes), place: { division: ownDivision(session) } });
  }

  return { form, read, write, empty, loadIncidents: stage.load };
}

/** Whether a person has written anything of their own. */
export function isBlank(body, path = "") {
  return Object.entries(body).every(([name, value]) => {
    const here = path ? `${path}.${name}` : name;
    if (BACKGROUND.has(here)) return name !== "category" || value === "other" || body.stage !== "first";
    if (value && typeof value === "object" && !Array.isArray(value)) return isBlank(value, here);
    return value === null || value === "" || (Array.isArray(value) && !value.length);
  });
}

function fillChoices(session, lists, nodes) {
  byId("grade").replaceChildren(...lists.grades.map((grade) => h("option", { value: grade }, word("grade", grade))));
  byId("grade").value = "ungraded";
  byId("tags").replaceChildren(...lists.tags.map((tag) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "tags", value: tag }), word("tag", tag))));
  byId("division").replaceChildren(
    ...divisions(session, nodes).map((node) => h("option", { value: node.division }, nameOf(node))),
    h("option", { value: "" }, t("report.division_unknown")));
}

/** The division whose places a person reports: a township its own; a department or enterprise works all over (null). */
export function ownPlaces({ node }) {
  return ["township", "village"].includes(node.role) ? node.division : null;
}

function divisions(session, nodes) {
  const own = session.person.node;
  const within = ownPlaces(session.person);
  const places = nodes.filter((node) => ["township", "village", "county"].includes(node.role));
  const chosen = within ? places.filter((node) => node.division?.startsWith(within)) : places;
  const seen = new Map([[own.division, own], ...chosen.map((node) => [node.division, node])]);
  return [...seen.values()].filter((node) => node.division);
}

function ownDivision({ person }) {
  return person.node.division ?? "";
}

function known({ person }, nodes) {
  const node = nodes.find((one) => one.code === person.node.code);
  return { name: person.name, phone: person.phone ?? node?.phone ?? "" };
}

function wirePending(form, changed) {
  form.addEventListener("click", (event) => {
    const path = event.target.closest("[data-pending]")?.dataset.pending;
    if (!path) return;
    markPending(form, path);
    changed();
  });
}

/** Write "正在核实" into the field; for casualties, whose fields hold numbers, into the course of events. */
export function markPending(form, path) {
  const words = path === "casualties" ? t("report.casualties_words") : t("report.pending_words");
  const field = form.elements[path === "casualties" ? "details.process" : path];
  if (!field || field.value.includes(words)) return;
  field.value = field.value.trim() ? `${field.value.trim()} ${words}` : words;
  field.closest("details")?.setAttribute("open", "");
}

function titleFrom(picker, lists) {
  const body = gather(byId("form"));
  const category = nameOf(lists.categories.find((one) => one.id === picker.value));
  const place = valueAt(body, "place.text") || byId("division").selectedOptions[0]?.textContent || "";
  const harm = HARM.filter((name) => body.casualties[name] > 0)
    .map((name) => t("report.title_count", { n: body.casualties[name], what: word("field", `casualties.${name}`) }));
  const pattern = harm.length ? "report.title_pattern_harm" : "report.title_pattern";
  return t(pattern, { place, category, harm: harm.join(t("report.and")) });
}

/** The report that is sent: what was read, without the fields that only this page knows. */
export function toSend(body) {
  const { incident_id: incident, corrects, ...rest } = body;
  const later = body.stage !== "first";
  return {
    ...rest,
    source: { ...rest.source },
    ...(later && incident ? { incident_id: incident } : {}),
    ...(body.stage === "correction" && corrects ? { corrects } : {}),
  };
}
