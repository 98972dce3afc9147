// The county's own report upward: to whom, with whom copied, when, and what the other side answered.

import { serverNow } from "../shared/clock.js";
import { t } from "../shared/texts.js";
import { actOn } from "./act_on.js";
import { words } from "./choices.js";
import { desk } from "./desk.js";
import { openDialog } from "./dialog.js";
import { toast } from "./toast.js";

const ABOVE = ["city", "city_department", "province", "province_department", "ministry", "state"];
const STAGES = ["first", "follow_up", "verification", "final", "correction"];

/** Asks, records, and says how many obligations that met. */
export function forwardDialog(incident, refresh) {
  const owed = owedUpward();
  const sent = actOn(incident, "forward", ["forward_count"], refresh);
  const next = owed[0] ?? { to_role: "city", stage: "first", medium: "written" };
  return openDialog({
    name: "forward", about: incident.incident_id, keep: "words", title: `${t("act.forward")} · ${incident.number}`, lead: t("forward.lead"), button: t("forward.send"), done: refresh,
    fields: [
      { name: "to_role", type: "select", label: t("forward.to"), options: words("role", ABOVE), value: next.to_role, first: true },
      { name: "stage", type: "select", label: t("report.stage"), options: words("stage", STAGES), value: next.stage },
      { name: "medium", type: "select", label: t("forward.medium"), options: words("medium", ["phone", "written", "network"]), value: next.medium === "any" ? "written" : next.medium },
      { name: "copied_to", type: "checks", label: t("forward.copied_to"), options: words("role", ABOVE.slice(0, 4)) },
      { name: "sent_at", type: "time", label: t("forward.sent_at"), value: serverNow(), chips: [0, 1, 2, 5] },
      { name: "receipt_no", label: t("forward.receipt_no") },
      { name: "received_by", label: t("forward.received_by") },
    ],
    prepare: (form) => proposeCopies(form, owed),
    ...sent,
    send: async (values, id) => {
      const answer = await sent.send(values, id);
      toast(t("forward.done", { n: answer.met?.length ?? 0 }), "good");
      return answer;
    },
  });
}

// What the county still owes to somebody above, the most urgent first.
function owedUpward() {
  const open = (desk.detail?.obligations ?? []).filter((one) => one.from_role === "county" && one.state === "open" && ABOVE.includes(one.to_role));
  return open.sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
}

// Tick whom the clauses want copied, and always the city where it is passed. It proposes; nothing is blocked.
function proposeCopies(form, owed) {
  const { to_role: to, stage, medium } = form.elements;
  const boxes = [...form.querySelectorAll("[name=copied_to]")];
  const propose = () => {
    const meant = owed.filter((one) => one.to_role === to.value && one.stage === stage.value && ["any", medium.value].includes(one.medium));
    const wanted = new Set(meant.flatMap((one) => [one.binding, ...(one.others ?? [])].flatMap((limit) => limit.copy_to ?? [])));
    if (ABOVE.indexOf(to.value) > ABOVE.indexOf("city_department")) wanted.add("city");
    for (const box of boxes) {
      box.checked = wanted.has(box.value) && box.value !== to.value;
      box.disabled = box.value === to.value;
    }
  };
  for (const choice of [to, stage, medium]) choice.addEventListener("change", propose);
  propose();
}
