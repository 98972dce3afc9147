// The keys, and the switch for whoever does not want them.

import { h } from "../shared/dom.js";
import { t } from "../shared/texts.js";
import { openDialog } from "./dialog.js";
import { keysAreOn, switchKeys } from "./keys.js";

const KEYS = [
  ["a", "act.acknowledge"], ["Shift+A", "act.on_behalf"], ["l", "console.log_call"], ["g", "act.grade"], ["f", "act.forward"],
  ["u", "act.follow_up"], ["s", "act.stop"], ["c", "act.close"], ["o", "act.reopen"], ["j", "help.next"], ["k", "help.previous"], ["/", "console.search"],
  ["w", "why.title"], ["t", "console.theme"], ["m", "help.sound"], ["?", "console.help"], ["Ctrl+Enter", "help.send"], ["Esc", "help.close"],
];

export function helpDialog() {
  const form = openDialog({ name: "help", title: t("help.title"), fields: [] });
  const box = h("input", { type: "checkbox", checked: keysAreOn(), onchange: (event) => switchKeys(event.target.checked) });
  form.querySelector(".fields").replaceChildren(
    h("dl", { class: "keys" }, KEYS.map(([key, name]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(name))))),
    h("label", { class: "check" }, box, t("help.keys_on")));
}
