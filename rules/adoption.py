"""May this county's office put this pack in force, from when, and which packs stand together then?

An office changes its own rules only: the law above comes with the program, and no upload can touch it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.bilingual import Words
from rules.limits import Pack
from rules.pack_check import check, taken
from rules.pack_problems import OWN_ID, Problem
from rules.plausibility import is_within_reach

PREFIX = "county."
"""How the id of an office's own pack begins; every other id belongs to an issuer above."""


class Untimely(StrEnum):
    """Why a pack cannot come into force at a moment."""

    IN_THE_PAST = "in_the_past"
    TOO_FAR_AHEAD = "too_far_ahead"


def objections(pack: Pack, file: str, division: str, standing: Iterable[Pack]) -> list[Problem]:
    """Everything that stands against it: it is not the office's to make, or it cannot work as it is."""
    return [
        *not_the_offices(pack, file, division),
        *check([(file, pack)]),
        *_taken_ids(pack, file, standing),
    ]


def not_the_offices(pack: Pack, file: str, division: str) -> list[Problem]:
    """An id of a higher issuer, or a region that is not inside the county."""
    header, problems = pack.header, []
    if not header.id.startswith(PREFIX):
        wrong = Words(f"{header.id!r} is no id of a county", f"{header.id!r} 不是县级规则包的编号")
        allowed = Words(
            f"an id that begins with {PREFIX} (the law above comes with the program)",
            f"以 {PREFIX} 开头的编号（上位规定随程序提供）",
        )
        problems.append(Problem(file, None, "pack.id", wrong, allowed))
    outside = [code for code in header.region if not code.startswith(division)]
    if outside or not header.region:
        codes = ", ".join(outside)
        everywhere = Words("would hold for the whole country", "会对全国生效")
        beyond = Words(f"{codes} is outside the county", f"{codes} 不在本县之内")
        allowed = Words(f"codes that begin with {division}", f"以 {division} 开头的代码")
        problems.append(Problem(file, None, "pack.region", beyond if outside else everywhere, allowed))
    return problems


def _taken_ids(pack: Pack, file: str, standing: Iterable[Pack]) -> list[Problem]:
    """A limit's id that another pack has: a record that names the limit would be ambiguous to its reader."""
    home = {
        limit.id: other.header.id
        for other in standing
        if other.header.id != pack.header.id
        for limit in other.limits
    }
    return [
        Problem(file, one, "id", taken(one, home[one]), OWN_ID)
        for one in dict.fromkeys(limit.id for limit in pack.limits)
        if one in home
    ]


def untimely(in_force_from: datetime, now: datetime) -> Untimely | None:
    """Why it cannot begin then: the rules of yesterday stay as they were."""
    if in_force_from < now:
        return Untimely.IN_THE_PAST
    return None if is_within_reach(in_force_from, now) else Untimely.TOO_FAR_AHEAD


def next_midnight(now: datetime, timezone: str) -> datetime:
    """When a pack begins unless told otherwise: the county's next day."""
    zone = ZoneInfo(timezone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


def together(shipped: Sequence[Pack], adopted: Iterable[Pack]) -> tuple[Pack, ...]:
    """The packs that stand together: an adopted one takes the place of the shipped one of its id."""
    by_id = {pack.header.id: pack for pack in shipped}
    by_id |= {pack.header.id: pack for pack in adopted}
    return tuple(by_id.values())
