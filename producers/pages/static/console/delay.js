// Alerts that came late through our own fault, after an outage: said once for all that come together.

import { t } from "../shared/texts.js";
import { toast } from "./toast.js";

const TOGETHER_MS = 300;
let waiting = [];

/** Says how late `raised` is; the first one's title stands for those that come with it, as it is the gravest. */
export function sayDelay(raised) {
  if (!raised.delayed_minutes) return;
  if (!waiting.length) setTimeout(say, TOGETHER_MS);
  waiting.push(raised);
}

function say() {
  const [first] = waiting;
  const longest = Math.max(...waiting.map((one) => one.delayed_minutes));
  const more = waiting.length > 1 ? t("console.delayed_together", { n: waiting.length }) : "";
  waiting = [];
  toast([t("console.delayed_by_us", { n: longest }), first.title, more].filter(Boolean).join(" · "), "bad");
}
