"""Does one rule apply to one incident, and if not, for which first reason? Every decision has one word for it."""

from datetime import datetime
from enum import StrEnum

from rules.limits import Condition, Until
from rules.packs import Rule
from rules.places import covers
from rules.when import Clocks, ends_before_trigger
from schemas.categories import is_within
from schemas.incident import Case
from schemas.vocabulary import Clock, Grade, Quantity


class WhyNot(StrEnum):
    """Why a limit asks for nothing in this incident."""

    DRAFT = "draft"
    NOT_IN_FORCE = "not_in_force"
    REGION = "region"
    CATEGORY = "category"
    GRADE = "grade"
    TAGS = "tags"
    QUANTITIES = "quantities"
    CONDITIONS = "conditions"
    FINAL_FILED = "final_filed"
    STOPPED_BEFORE_ELAPSED = "stopped_before_elapsed"
    CLOCK_NOT_STARTED = "clock_not_started"


def reference(clocks: Clocks, now: datetime) -> datetime:
    """The moment whose law holds: when it occurred, or else first became known to anybody; so one version applies."""
    if clocks.occurred is not None:
        return clocks.occurred
    if clocks.known is not None:
        return clocks.known
    return min(clocks.received.values(), default=clocks.judged or now)


def in_force(rule: Rule, at: datetime) -> bool:
    """Whether the clause was in force at `at`."""
    return rule.begins <= at < rule.ends


def facts_hold(rule: Rule, case: Case) -> bool:
    """Tags, thresholds and alternatives; the index has already answered place, category, grade and sender."""
    return _facts_missing(rule, case) is None


def ended(rule: Rule, case: Case) -> bool:
    """Whether a recurrence that runs until the sender's final report has come to its end."""
    return rule.limit.until is Until.FINAL and rule.from_role in case.final_at


def why_not(rule: Rule, case: Case, clocks: Clocks, now: datetime) -> WhyNot | None:
    """The first reason for which a rule does not apply, clocks aside; None when it does."""
    applies = rule.limit.applies
    if rule.is_draft:
        return WhyNot.DRAFT
    if not in_force(rule, reference(clocks, now)):
        return WhyNot.NOT_IN_FORCE
    if not covers(rule.regions, case.division):
        return WhyNot.REGION
    if not _category_holds(applies, case):
        return WhyNot.CATEGORY
    if case.grade not in applies.grades if applies.grades else case.grade is Grade.NON_INCIDENT:
        return WhyNot.GRADE
    missing = _facts_missing(rule, case)
    if missing is None and ended(rule, case):
        return WhyNot.FINAL_FILED
    if missing is None and ends_before_trigger(rule.limit, rule.from_role, clocks):
        return WhyNot.STOPPED_BEFORE_ELAPSED
    return missing


def waits_for(rule: Rule) -> str:
    """The reason of a limit that applies but whose clock has not started: the clock, and whose receipt it waits for."""
    clock = rule.limit.clock[0]
    return f"{WhyNot.CLOCK_NOT_STARTED}:{clock}" + (f"@{rule.from_role}" if clock is Clock.RECEIVED else "")


def _facts_missing(rule: Rule, case: Case) -> WhyNot | None:
    applies = rule.limit.applies
    if applies.tags and case.tags.isdisjoint(applies.tags):
        return WhyNot.TAGS
    if not _thresholds_hold(applies, case):
        return WhyNot.QUANTITIES
    if applies.any and not any(_holds(condition, case) for condition in applies.any):
        return WhyNot.CONDITIONS
    return None


def _holds(condition: Condition, case: Case) -> bool:
    return (
        _category_holds(condition, case)
        and (not condition.grades or case.grade in condition.grades)
        and not (condition.tags and case.tags.isdisjoint(condition.tags))
        and _thresholds_hold(condition, case)
    )


def _category_holds(condition: Condition, case: Case) -> bool:
    return not condition.categories or any(is_within(case.category, one) for one in condition.categories)


def _thresholds_hold(condition: Condition, case: Case) -> bool:
    return all(_threshold_holds(case, name, condition) for name in condition.quantities)


def _threshold_holds(case: Case, name: Quantity, condition: Condition) -> bool:
    """A number that nobody knows meets no threshold."""
    value = case.quantities.get(name.value)
    return value is not None and condition.quantities[name].hold(value)
