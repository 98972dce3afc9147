"""Names of units as people type them: 青泉镇人民政府, 青泉镇镇政府 and 云岭县青泉镇 are 青泉镇, if nobody else is.

A part of a name stays a guess: 青泉 is no unit.
"""

import re
from collections.abc import Iterable

from rules.typed.signs import key, login
from schemas.county import Node

_OFFICE = re.compile(
    r"(人民政府|政府|总值班室|值班室|应急办|办事处|村民委员会|村委会|居民委员会|居委会|(?<=街道)办)$"
)
_TWICE = re.compile(r"([镇乡村县市区])\1$")
_ABOVE = re.compile(r"^(县|市|区|本县|全县|我县)(?=.{3,})")


class Units:
    """One county's units by code, name and what a name is without its office; what two share names neither."""

    def __init__(self, nodes: Iterable[Node], county: str) -> None:
        self._county = key(county)
        self._codes = {node.code: node.code for node in nodes}
        names = [(name, node.code) for node in nodes for name in (node.name, node.name_en) if name]
        self._names = _of_one([(key(name), code) for name, code in names])
        self._plain = _of_one([(self._without_office(name), code) for name, code in names])

    def find(self, typed: str | None) -> str | None:
        """The code of the unit that a text names; None when nobody or two are called so."""
        if typed is None:
            return None
        code = login(typed)
        if code in self._codes:
            return code
        return self._names.get(key(typed)) or self._plain.get(self._without_office(typed))

    def _without_office(self, name: str) -> str:
        said = key(name)
        while (shorter := _OFFICE.sub("", said)) != said and len(shorter) > 1:
            said = _TWICE.sub(r"\1", shorter)
        inner = said.removeprefix(self._county)
        said = inner if len(inner) > 1 else said
        return _ABOVE.sub("", said).replace("委员会", "委")


def _of_one(names: list[tuple[str, str]]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for name, code in names:
        owners.setdefault(name, set()).add(code)
    return {name: next(iter(codes)) for name, codes in owners.items() if name and len(codes) == 1}
