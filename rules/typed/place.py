"""The place of a report within one county: a unit's name finds its division; what is not there stays words."""

from rules.access import is_inside
from rules.chain import Chains
from rules.intake import Submitter
from schemas.report import Report
from schemas.vocabulary import UserRole

FIELD = "place.division"


def within(report: Report, submitter: Submitter, chains: Chains) -> Report:
    """The report with a division that this county knows and the sender may speak for, or with none and its words."""
    unread = report.unread
    said = report.place.division or unread.get(FIELD)
    if said is None:
        return report
    division = _division_of(said, chains)
    if division is not None and not _is_theirs(division, submitter):
        division = None
    if division == report.place.division and FIELD not in unread:
        return report
    left = {path: words for path, words in unread.items() if path != FIELD}
    place = report.place.model_copy(update={"division": division})
    return report.model_copy(
        update={"place": place, "unread": left if division is not None else {**left, FIELD: said}}
    )


def _division_of(said: str, chains: Chains) -> str | None:
    if chains.knows_division(said):
        return said
    node = chains.node(chains.resolve_unit(said))
    return node.division if node else None


def _is_theirs(division: str, submitter: Submitter) -> bool:
    """A reporter speaks for its own division; the duty room for every place."""
    return submitter.role is not UserRole.REPORTER or is_inside(division, submitter.division or "–")
