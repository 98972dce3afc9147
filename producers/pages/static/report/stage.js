// First report, or a later one about an incident that this person can see.

import { get } from "../shared/api.js";
import { byId, h } from "../shared/dom.js";
import { t, word } from "../shared/texts.js";
import { timeOf } from "../shared/zone.js";

/** Wires the stage buttons; returns {stage(), incident(), show(), load()}. */
export function stagePart(form, changed) {
  const select = byId("incident_id");
  const corrects = byId("corrects");
  let incidents = [];

  const stage = () => form.querySelector("[name=stage]:checked").value;
  const incident = () => incidents.find((one) => one.incident_id === select.value) ?? null;

  function show() {
    const now = stage();
    byId("which").hidden = now === "first";
    byId("which-report").hidden = now !== "correction";
    byId("stage-hint").textContent = t(`report.hint_${now}`);
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(now);
    if (now === "final") byId("later").open = true;
    if (now === "correction") loadReports();
  }

  async function load(chosen) {
    try {
      incidents = (await get("/api/v1/incidents?state=all&limit=100")).incidents;
    } catch {
      // Offline: an incident chosen in a draft stays choosable below, the rest comes with the network.
    }
    const wanted = chosen ?? select.value;
    const known = incidents.some((one) => one.incident_id === wanted);
    select.replaceChildren(
      h("option", { value: "" }, incidents.length ? t("report.choose_incident") : t("report.no_incident")),
      ...incidents.map((one) => h("option", { value: one.incident_id }, label(one))),
      wanted && !known ? h("option", { value: wanted }, t("report.earlier_incident")) : "",
    );
    select.value = wanted ?? "";
  }

  async function loadReports(chosen) {
    const wanted = chosen ?? corrects.value;
    let reports = [];
    if (select.value) {
      reports = await get(`/api/v1/incidents/${select.value}`).then((found) => found.reports, () => []);
    }
    corrects.replaceChildren(
      h("option", { value: "" }, t("report.choose_report")),
      ...reports.map((one) => h("option", { value: one.report_id },
        t("report.report_option", { number: one.number, stage: word("stage", one.stage), at: timeOf(one.received_at, false) }))),
    );
    corrects.value = wanted ?? "";
  }

  for (const radio of form.querySelectorAll("[name=stage]")) {
    radio.addEventListener("change", () => {
      show();
      if (stage() !== "first") load();
      changed();
    });
  }
  select.addEventListener("change", () => {
    if (stage() === "correction") loadReports();
    changed();
  });
  return { stage, incident, show, load, loadReports };
}

function label({ number, title, category_name: category, state }) {
  const closed = state === "closed" ? ` (${word("incident_state", "closed")})` : "";
  return `${number} ${title || category || ""}${closed}`;
}
