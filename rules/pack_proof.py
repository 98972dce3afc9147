"""Proves an office's own packs against everything else that holds where they hold: laxity, gaps, chains that end."""

from collections.abc import Iterable, Sequence
from datetime import date

from rules.limits import Pack
from rules.pack_gaps import dead_ends, gaps
from rules.pack_laxity import laxer
from rules.pack_problems import Problem
from rules.pack_scope import NamedPack, is_local


def prove(own: Sequence[NamedPack], others: Iterable[Pack], day: date) -> list[Problem]:
    """What is wrong with these packs together with the others that stand on `day`. An own pack takes the place of the
    one of its id; what some office made for itself counts only among the own ones.
    """
    ids = {pack.header.id for _, pack in own}
    rest = [pack for pack in others if pack.header.id not in ids and not is_local(pack)]
    findings: list[Problem] = []
    for file, pack in own:
        beside = [*(other for _, other in own if other is not pack), *rest]
        findings += laxer((file, pack), beside)
        findings += gaps((file, pack), beside, day)
        findings += dead_ends((file, pack), beside, day)
    return list(dict.fromkeys(findings))
