"""An incident is a function of its reports: what was known later stands, in whatever order the reports come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.amending import Heard
from rules.desk import Desk
from rules.incident_state import content_known_at, is_newest, known_since, state_of
from rules.joining import join, opened
from schemas.incident import Incident
from schemas.report import Report
from schemas.vocabulary import Grade, NodeRole, Stage
from tests.counties import demo_county
from tests.rules.cases import at, limit, make_packs

DESK = Desk.of(demo_county(), make_packs(limit()))
TOWNSHIP, OTHER = "990101103", "990101104"
ONE = UUID(int=1)
KNOWN, RECEIVED = at("08:14"), at("08:20")


def first(**changes: Any) -> Heard:
    """A road accident, known at 08:14, received at 08:20."""
    body = {
        "category": "accident.traffic.road", "title": "三车追尾", "known_at": KNOWN, "occurred_at": at("08:10"),
        "place": {"division": TOWNSHIP, "text": "K12"}, "casualties": {"deaths": 0},
    }  # fmt: skip
    return Heard(ONE, Report.model_validate(body | changes), TOWNSHIP, TOWNSHIP, RECEIVED)


def later(number: int, came: str, stage: str = "follow_up", **body: Any) -> Heard:
    """A later report; only what `body` names was named by its sender."""
    report = Report.model_validate({"stage": stage, "incident_id": ONE} | body)
    return Heard(UUID(int=1 + number), report, TOWNSHIP, TOWNSHIP, at(came), tuple(body))


def fix(number: int, of: int, came: str = "12:00", **body: Any) -> Heard:
    """A correction of the report with this number."""
    return later(number, came, "correction", corrects=UUID(int=1 + of), **body)


def after(*heards: Heard, opening: Heard | None = None) -> Incident:
    """The incident once these have come, one after the other."""
    opening = opening or first()
    incident, before = opened(opening, DESK), [opening]
    for heard in heards:
        incident = join(incident, heard, before, DESK)
        before.append(heard)
    return incident


def deaths(*heards: Heard) -> float | None:
    return after(*heards).quantities.get("deaths")


def test_an_older_follow_up_never_lowers_what_a_newer_one_said() -> None:
    newer = later(1, "10:05", known_at=at("10:00"), casualties={"deaths": 5})
    older = later(2, "13:00", known_at=at("09:00"), casualties={"deaths": 3, "missing": 2})
    assert after(newer, older).quantities == {"deaths": 5, "missing": 2} == after(older, newer).quantities


def test_the_time_at_which_the_device_sent_it_orders_what_names_no_other() -> None:
    newer = later(1, "10:05", casualties={"deaths": 5})
    older = later(2, "13:00", sent_at=at("09:00"), casualties={"deaths": 3})
    assert deaths(newer, older) == deaths(older, newer) == 5


def test_a_follow_up_that_repeats_when_the_incident_was_known_counts_when_it_came() -> None:
    one = later(1, "09:00", casualties={"deaths": 3})
    two = later(2, "10:00", known_at=KNOWN, casualties={"deaths": 5})
    assert deaths(one, two) == deaths(two, one) == 5


def test_nothing_is_known_later_than_it_comes_in() -> None:
    assert content_known_at(later(1, "09:00", known_at=at("09:02")), known_since(first())) == at("09:00")


def test_what_was_known_before_the_incident_was_received_is_ordered_by_its_own_time() -> None:
    a, b = [
        later(n, "08:20", known_at=at(known), casualties={"deaths": d})
        for n, known, d in ((1, "08:18", 5), (2, "08:16", 3))
    ]
    assert deaths(a, b) == deaths(b, a) == 5


def test_a_correction_wins_over_what_it_corrects_and_touches_nothing_else() -> None:
    one = later(1, "09:00", casualties={"deaths": 5, "injuries": 7})
    two = later(2, "10:00", casualties={"injuries": 9})
    assert after(one, two, fix(3, 1, casualties={"deaths": 3, "injuries": 8})).quantities == {
        "deaths": 3, "injuries": 9,
    }  # fmt: skip
    assert deaths(one, fix(2, 0, casualties={"deaths": 1})) == 5
    assert (
        after(one, fix(2, 1, title="别的", category="accident.fire", place={"text": "别处"})).title
        == "三车追尾"
    )


def test_of_two_corrections_the_later_one_wins_and_a_corrected_correction_counts_corrected() -> None:
    one = later(1, "09:00", casualties={"deaths": 5})
    early, late = (
        fix(n, 1, came, casualties={"deaths": d}) for n, came, d in ((2, "10:00", 4), (3, "11:00", 3))
    )
    assert deaths(one, early, late) == deaths(one, late, early) == 3
    assert deaths(one, early, fix(4, 2, "11:30", casualties={"deaths": 2})) == 2


def test_a_correction_changes_category_title_place_times_and_tags() -> None:
    opening = first(tags=["media_reported", "public_opinion"])
    new = fix(
        1, 0, category="accident.fire", title="粮库起火", place={"division": OTHER, "text": "粮库"},
        tags=["public_opinion"], occurred_at=at("07:10"), known_at=at("07:20"),
    )  # fmt: skip
    incident = after(new, opening=opening)
    assert (incident.category, incident.title, incident.place_text) == ("accident.fire", "粮库起火", "粮库")
    assert (incident.division, incident.nodes[NodeRole.TOWNSHIP]) == (OTHER, OTHER)
    assert (incident.occurred_at, incident.known_at) == (at("07:10"), at("07:20"))
    assert incident.tags == ("public_opinion",)
    assert after(fix(1, 0, tags=[]), opening=opening).tags == ()
    assert after(fix(1, 0, title="别的"), opening=opening).tags == ("media_reported", "public_opinion")


def test_a_correction_that_names_no_report_corrects_what_was_known_before_it() -> None:
    one = later(1, "09:00", tags=["media_reported"], casualties={"deaths": 5})
    free = later(2, "10:00", "correction", category="accident.fire", tags=[], casualties={"deaths": 2})
    incident = after(one, free)
    assert (incident.category, incident.tags, incident.quantities["deaths"]) == ("accident.fire", (), 2)
    assert deaths(one, free, later(3, "11:00", casualties={"deaths": 4})) == 4


def test_a_retraction_takes_away_what_only_the_retracted_report_said() -> None:
    one = later(1, "09:00", casualties={"deaths": 5, "trapped": 2}, tags=["media_reported"])
    back = later(2, "10:00", "retraction", corrects=one.report_id)
    incident = after(one, back)
    assert (incident.quantities, incident.tags) == ({"deaths": 0}, ())
    assert deaths(one, back, later(3, "11:00", "retraction", corrects=back.report_id)) == 5
    assert deaths(one, back, later(3, "11:00", casualties={"deaths": 4})) == 4


def test_an_incident_whose_only_report_is_retracted_keeps_its_name_and_its_clocks() -> None:
    incident = after(later(1, "09:00", "retraction", corrects=ONE))
    assert (incident.title, incident.occurred_at, incident.quantities) == (
        "三车追尾",
        at("08:10"),
        {"deaths": 0},
    )


def test_the_newest_final_report_stands_and_the_one_before_it_when_that_is_retracted() -> None:
    one, two = later(1, "09:00", "final"), later(2, "10:00", "final")
    assert after(one, two).final_report_id == after(two, one).final_report_id == two.report_id
    assert (
        after(one, two, later(3, "11:00", "retraction", corrects=two.report_id)).final_report_id
        == one.report_id
    )


def test_the_highest_grade_that_a_report_gives_stands_until_the_duty_room_decides() -> None:
    three, four = later(1, "09:00", grade="III"), later(2, "10:00", grade="IV")
    incident = after(three, four)
    assert (
        (incident.grade, incident.graded_at)
        == (Grade.III, at("09:00"))
        == (after(four, three).grade, at("09:00"))
    )
    decided = incident.model_copy(update={"grade": Grade.IV, "grade_decided": True})
    assert join(decided, later(3, "11:00", grade="I"), [first(), three, four], DESK).grade is Grade.IV


def test_it_needs_the_earlier_reports_only_where_one_is_not_the_newest() -> None:
    """The newest report in order is added without another look at what came before."""
    opening = first()
    incident = opened(opening, DESK)
    newest = later(1, "09:00", casualties={"deaths": 2}, tags=["media_reported"])
    assert join(incident, newest, None, DESK) == state_of([opening, newest], incident, DESK)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Heard], list[int]]:
    """Reports in the order of their numbers, and another order in which what is corrected still comes first."""
    heards: list[Heard] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        stage = draw(
            st.sampled_from(["follow_up", "follow_up", "final", "first", "correction", "retraction"])
        )
        body: dict[str, Any] = {"casualties": {"deaths": draw(st.integers(0, 9))}}
        came = at("09:00") + timedelta(minutes=draw(st.integers(0, 5)))
        if draw(st.booleans()):
            body["known_at"] = at("08:00") + timedelta(minutes=draw(st.integers(0, 60)))
        if draw(st.booleans()):
            body["tags"] = draw(st.lists(st.sampled_from(["media_reported", "public_opinion"]), unique=True))
        if draw(st.booleans()):
            body["grade"] = draw(st.sampled_from(["I", "II", "III", "IV", "non_incident"]))
        if stage in ("correction", "retraction") and draw(st.booleans()):
            body["corrects"] = UUID(int=1 + draw(st.integers(0, number - 1)))
        if stage == "correction" and draw(st.booleans()):
            body["place"] = {"division": draw(st.sampled_from([TOWNSHIP, OTHER]))}
        heards.append(_came(number, stage, came, body))
    return heards, draw(st.permutations(range(len(heards))))


def _came(number: int, stage: str, came: datetime, body: dict[str, Any]) -> Heard:
    report = Report.model_validate({"stage": stage, "incident_id": ONE} | body)
    return Heard(UUID(int=1 + number), report, TOWNSHIP, TOWNSHIP, came, tuple(body))


def _in_turn(heards: list[Heard], order: list[int]) -> list[Heard]:
    """The reports in this order, each after what it corrects: another one is refused by the door."""
    turn: list[Heard] = []
    waiting = [heards[place] for place in order]
    while waiting:
        come = {ONE, *(one.report_id for one in turn)}
        following = next(one for one in waiting if one.report.corrects in (None, *come))
        waiting.remove(following)
        turn.append(following)
    return turn


@settings(max_examples=300, deadline=None)
@given(stories())
def test_it_stands_the_same_in_whatever_order_the_reports_come(story: tuple[list[Heard], list[int]]) -> None:
    heards, order = story
    assert after(*heards) == after(*_in_turn(heards, order))


@settings(max_examples=300, deadline=None)
@given(stories())
def test_adding_only_the_newest_gives_the_same_as_reading_all(story: tuple[list[Heard], list[int]]) -> None:
    """What the hot path does, which reads no earlier report, and what the whole function says."""
    opening = first()
    incident, before = opened(opening, DESK), [opening]
    for heard in story[0]:
        assert heard.report.stage is not Stage.ZERO
        quick = join(incident, heard, None, DESK) if is_newest(incident, heard) else None
        before.append(heard)
        incident = state_of(before, incident, DESK)
        assert quick is None or quick == incident
