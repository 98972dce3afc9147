// Timeliness, honestly: on time of what was due, beside what was waived or is disputed; medians before any league table.

import { get, Problem } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { serverNow } from "../shared/clock.js";
import { loadSession, signInFirst, signOut } from "../shared/session.js";
import { percent, span } from "../shared/spans.js";
import { nameOf, t, word } from "../shared/texts.js";
import { showRecord } from "./record.js";
import { dateOf, fromWall, rfc3339, stampOf } from "../shared/zone.js";

const COLUMNS = ["name", "due", "on_time", "ratio", "late", "missed", "overdue", "waived", "disputed", "median", "p90", "max"];
const DAY_MS = 86_400_000;
const form = byId("period");
let shown = null;

const session = await loadSession();
if (!session) window.location.assign(signInFirst());
else start();

function start() {
  byId("who").textContent = `${nameOf(session.person.node)} · ${nameOf(session.person)}`;
  form.addEventListener("change", load);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => {
      preset(button.dataset.preset);
      load();
    });
  }
  byId("save-csv").addEventListener("click", saveCsv);
  byId("logout").addEventListener("click", signOut);
  preset("month");
  load();
}

function preset(name) {
  const today = dateOf(serverNow());
  const [year, month] = today.split("-").map(Number);
  const day = (y, m, d) => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
  const spans = {
    today: [today, today],
    days7: [dateOf(serverNow() - 6 * DAY_MS), today],
    month: [day(year, month, 1), today],
    last_month: [day(year, month - 1, 1), day(year, month, 0)],
    year: [day(year, 1, 1), today],
  };
  [form.elements.from.value, form.elements.to.value] = spans[name];
  for (const button of form.querySelectorAll("[data-preset]")) {
    button.setAttribute("aria-pressed", String(button.dataset.preset === name));
  }
}

// The last day counts whole, in the county's own days.
function query() {
  const from = fromWall(`${form.elements.from.value}T00:00`);
  const to = fromWall(`${form.elements.to.value}T00:00`);
  const asked = new URLSearchParams({ group_by: form.elements.group_by.value });
  if (from !== null) asked.set("from", rfc3339(from));
  if (to !== null) asked.set("to", rfc3339(to + DAY_MS));
  return asked;
}

async function load() {
  byId("problem").replaceChildren();
  try {
    shown = await get(`/api/v1/timeliness?${query()}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    byId("problem").replaceChildren(h("p", { class: "notice bad" }, error.status ? error.message : t("why.no_answer")));
    return;
  }
  byId("total").replaceChildren(...totalOf(shown.total));
  showRecord(shown.record ?? []);
  byId("table").replaceChildren(head(), h("tbody", {}, shown.groups.length ? shown.groups.map(row) : none()));
}

function totalOf(total) {
  if (!total) return [];
  const item = (label, value, kind = "") => h("div", { class: kind }, h("dt", {}, label), h("dd", {}, value));
  return [h("dl", {},
    item(t("timeliness.ratio"), percent(total), total.ratio === 1 ? "main good" : "main"),
    item(t("timeliness.target"), "100 %"),
    item(t("timeliness.col_due"), String(total.due)), item(t("timeliness.col_on_time"), String(total.on_time)),
    item(t("timeliness.col_late"), String(total.late)), item(t("timeliness.col_missed"), String(total.missed)), item(t("timeliness.col_overdue"), String(total.overdue ?? 0)),
    item(t("timeliness.col_waived"), String(total.waived), "aside"), item(t("timeliness.col_disputed"), String(total.disputed), "aside")),
  h("p", { class: "quiet" }, t("timeliness.shown", { from: stampOf(shown.from, false), to: stampOf(shown.to, false) }))];
}

function head() {
  return h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col", class: name }, t(`timeliness.col_${name}`)))));
}

function row(group) {
  const cell = (value, kind = "") => h("td", { class: kind }, value);
  const small = group.small_sample ? h("span", { class: "flag", title: t("timeliness.small_means") }, t("timeliness.small")) : null;
  return h("tr", {},
    h("th", { scope: "row" }, nameOfGroup(group), " ", small),
    cell(String(group.due)), cell(String(group.on_time)), h("td", {}, h("div", { class: "ratio" }, bar(group))),
    cell(String(group.late), group.late ? "bad-text" : ""), cell(String(group.missed), group.missed ? "bad-text" : ""),
    cell(String(group.overdue ?? 0), group.overdue ? "bad-text" : ""),
    cell(String(group.waived), "aside"), cell(String(group.disputed), "aside"),
    cell(lateness(group.median_late_seconds)), cell(lateness(group.p90_late_seconds)), cell(lateness(group.max_late_seconds)));
}

function nameOfGroup(line) {
  const group = form.elements.group_by.value;
  const said = group === "stage" || group === "medium" ? word(group, line.key) : null;
  return said && said !== line.key ? said : nameOf(line) || line.key;
}

function bar(line) {
  const { ratio, on_time: onTime, due } = line;
  if (ratio === null || ratio === undefined) return [h("span", { class: "quiet" }, t("timeliness.nothing_due"))];
  return [h("meter", { min: 0, max: 1, low: 0.9, high: 0.9999, optimum: 1, value: ratio, "aria-label": `${onTime}/${due}` }), h("b", {}, percent(line))];
}

function lateness(seconds) {
  return seconds === null || seconds === undefined ? "–" : span(seconds);
}

function none() {
  return h("tr", {}, h("td", { colspan: COLUMNS.length, class: "quiet" }, t("timeliness.none")));
}

function saveCsv() {
  if (!shown) return;
  const names = ["key", "name", "due", "on_time", "late", "missed", "overdue", "waived", "disputed", "ratio", "median_late_seconds",
    "p90_late_seconds", "max_late_seconds", "small_sample"];
  const quote = (value) => {
    const text = String(value ?? "");
    // A cell that begins like a formula would be run by a spreadsheet.
    return `"${(/^[=+\-@\t]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  const lines = [names, ...shown.groups.map((group) => names.map((name) => group[name]))].map((line) => line.map(quote).join(","));
  const link = h("a", { href: URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}`], { type: "text/csv" })), download: "timeliness.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
