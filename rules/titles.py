"""By which name an incident goes on the screen when the report gives it none: its own words, else where and what."""

import re

from rules.completeness import PENDING
from rules.desk import Desk
from schemas.categories import CATEGORIES
from schemas.report import Details, Report

AT_MOST = 40
"""Characters; a line of the queue holds no more."""
SENTENCE = re.compile(r"[。！？!?；;\n\r]|\.(?=\s|$)")
NOTHING = frozenset({"不详", "不明", "未知", "暂无", "none", "unknown", "n/a"})
WORDS = ("process", "losses", "scope", "cause", "measures", "trend", "next_steps", "requests")
"""Where what happened is told first, then what else was said."""


def title_of(report: Report, division: str | None, desk: Desk) -> str:
    """The report's title, else the first sentence that says something, else place and category."""
    return report.title or _sentence(report.details) or _place_and_category(report, division, desk)


def _sentence(details: Details) -> str:
    for name in WORDS:
        for part in SENTENCE.split(getattr(details, name) or ""):
            words = " ".join(part.split()).strip(" ,，、:：")
            if len(PENDING.sub("", words)) > 1 and words.lower() not in NOTHING:
                return words if len(words) <= AT_MOST else words[: AT_MOST - 1] + "…"
    return ""


def _place_and_category(report: Report, division: str | None, desk: Desk) -> str:
    township = desk.chains.node(desk.chains.township_of(division))
    where = report.place.text or (township.name if township else desk.county.name)
    return f"{where} {CATEGORIES[report.category][0]}"
