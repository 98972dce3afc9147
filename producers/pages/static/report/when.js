// When it happened: "just now" and "N minutes ago" by one tap, exact by hand. The moment is the server's, not the device's.

import { h } from "../shared/dom.js";
import { t } from "../shared/texts.js";
import { clockInDoubt, serverNow } from "../shared/clock.js";
import { refreshSession } from "../shared/session.js";
import { fromWall, stampOf, toWall } from "../shared/zone.js";
import { span } from "../shared/spans.js";

const MINUTES_AGO = [0, 5, 10, 20, 30, 60];

export function whenChips(place, input, says) {
  const set = async (minutes) => {
    // A device that slept, or whose clock was set, does not know what "just now" is.
    if (clockInDoubt()) await refreshSession().catch(() => null);
    input.value = toWall(serverNow() - minutes * 60_000);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  place.replaceChildren(...MINUTES_AGO.map((minutes) =>
    h("button", { type: "button", class: "chip", onclick: () => set(minutes) },
      minutes ? t("report.minutes_ago", { n: minutes }) : t("report.now"))));
  const say = () => {
    says.textContent = sentence(fromWall(input.value));
  };
  input.addEventListener("input", say);
  return say;
}

function sentence(ms) {
  if (ms === null) return t("report.when_unknown");
  const seconds = (serverNow() - ms) / 1000;
  if (seconds < -60) return t("report.when_future");
  const says = clockInDoubt() ? "report.when_says_unchecked" : "report.when_says";
  return t(says, { at: stampOf(ms, false), ago: span(Math.max(0, Math.floor(seconds / 60) * 60)) });
}
