"""No field of a report refuses the whole: what people type is read, else kept as words and asked for."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.reports import at, make_call, make_report
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
Body = dict[str, Any]


async def stored(world: World, body: bytes | Body, who: str = "reporter", **options: Any) -> Body:
    """The report as the database holds it, with what is missing."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await world.call(who, "POST", "/api/v1/reports", content=content, **options)
    assert answer.status_code == 202, answer.text
    return await found(world, answer.json()["report_id"])


async def found(world: World, report_id: str) -> Body:
    await world.settled()
    (row,) = await world.rows("select body, missing, division from reports where report_id = $1", report_id)
    return {**json.loads(row["body"]), "missing": row["missing"], "division": row["division"]}


READ = [
    ({"casualties": {"deaths": "3人", "injuries": "１２", "trapped": "两人"}}, "casualties",
     {"deaths": 3, "injuries": 12, "trapped": 2}),
    ({"casualties": {"deaths": 3.0, "injuries": "无", "missing": "不详"}}, "casualties",
     {"deaths": 3, "injuries": 0, "missing": None}),
    ({"quantities": {"direct_loss_cny": "300万元", "area_ha": "300亩", "outage_minutes": "1小时30分"}}, "quantities",
     {"direct_loss_cny": 3_000_000, "area_ha": 20, "outage_minutes": 90}),
    ({"grade": "Ⅲ级"}, "grade", "III"),
    ({"grade": "较大"}, "grade", "III"),
    ({"grade": None}, "grade", "ungraded"),
    ({"stage": "首报"}, "stage", "first"),
    ({"medium": "书面"}, "medium", "written"),
    ({"category": "火灾事故"}, "category", "accident.fire"),
    ({"category": " accident.fire\u200b"}, "category", "accident.fire"),
    ({"tags": "舆情，敏感时间"}, "tags", ["public_opinion", "sensitive_time"]),
    ({"tags": None}, "tags", []),
    ({"title": "青泉镇\u200b粮库起火，１２人"}, "title", "青泉镇粮库起火，12人"),
    ({"title": 12}, "title", "12"),
    ({"place": "粮库东侧"}, "place", {"text": "粮库东侧"}),
    ({"place": {"division": "青泉镇人民政府"}}, "place", {"division": "990101103"}),
    ({"place": {"division": 990101103}}, "place", {"division": "990101103"}),
    ({"place": {"division": " ９９０１０１１０３"}}, "place", {"division": "990101103"}),
    ({"place": {"longitude": "东经110.1°", "latitude": "34°30′"}}, "place", {"longitude": 110.1, "latitude": 34.5}),
    ({"place": None, "source": None, "casualties": None, "details": None}, "place", {}),
    ({"source": {"phone": 13800000000}}, "source", {"phone": "13800000000"}),
    ({"source": {"phone": "+86 (0)990 5550103"}}, "source", {"phone": "+86 (0)990 5550103"}),
    ({"details": "两车相撞\r\n一人受伤"}, "details", {"process": "两车相撞\r\n一人受伤"}),
    ({"details": {"process": ["先冒烟", "后起火"]}}, "details", {"process": "先冒烟\n后起火"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "value"), READ)
async def test_it_reads_what_people_type(shared_world: World, changes: Body, field: str, value: Any) -> None:
    body = await stored(shared_world, make_report(**changes))
    read = body[field]
    assert read == value if not isinstance(value, dict) else {k: read[k] for k in value} == value
    assert "unread" not in body and "as_typed" not in body


WORDS = [
    ({"casualties": {"deaths": "十几"}}, {"casualties.deaths": "十几"}),
    ({"casualties": {"deaths": -1, "injuries": 1.5}}, {"casualties.deaths": "-1", "casualties.injuries": "1.5"}),
    ({"casualties": {"deaths": True}}, {"casualties.deaths": "true"}),
    ({"casualties": {"deaths": [1, 2]}}, {"casualties.deaths": "[1, 2]"}),
    ({"casualties": {"deaths": 10**12}}, {"casualties.deaths": "1000000000000"}),
    ({"casualties": "死伤不明，正在清点"}, {"casualties": "死伤不明，正在清点"}),
    ({"quantities": [1]}, {"quantities": "[1]"}),
    ({"grade": "V"}, {"grade": "V"}),
    ({"grade": 5}, {"grade": "5"}),
    ({"stage": "firsts"}, {"stage": "firsts"}),
    ({"medium": "any"}, {"medium": "any"}),
    ({"category": "accident.spaceship"}, {"category": "accident.spaceship"}),
    ({"category": "爆炸"}, {"category": "爆炸"}),  # of what?
    ({"category": {"id": 1}}, {"category": '{"id": 1}'}),
    ({"tags": ["loud", "舆情"]}, {"tags": "loud"}),
    ({"tags": [7, ["x"]]}, {"tags": '7、["x"]'}),
    ({"title": True}, {"title": "true"}),
    ({"title": {"a": 1}}, {"title": '{"a": 1}'}),
    ({"place": {"longitude": 110.1}}, {"place.point": "110.1, –"}),
    ({"place": {"longitude": 34.5, "latitude": 110.1}}, {"place.point": "34.5, 110.1"}),  # turned round
    ({"place": {"longitude": 34.5, "latitude": 80.1}}, {"place.point": "34.5, 80.1"}),  # turned, and in range
    ({"place": {"longitude": 181, "latitude": 1}}, {"place.point": "181, 1"}),
    ({"place": {"division": "990199999"}}, {"place.division": "990199999"}),  # nowhere
    ({"place": {"division": "990101104"}}, {"place.division": "990101104"}),  # another township's
    ({"place": {"division": "双河镇"}}, {"place.division": "双河镇"}),
    ({"place": {"division": "河边"}}, {"place.division": "河边"}),
    ({"place": 7}, {"place": "7"}),
    ({"source": ["x"]}, {"source": '["x"]'}),
    ({"details": {"process": {"a": 1}}}, {"details.process": '{"a": 1}'}),
    ({"occurred_at": None, "unread": {"occurred_at": "2026-11-23 __:__"}}, {"occurred_at": "2026-11-23 __:__"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "unread"), WORDS)
async def test_it_keeps_as_words_what_cannot_be_read_and_asks_for_it(
    shared_world: World, changes: Body, unread: dict[str, str]
) -> None:
    body = await stored(shared_world, make_report(**changes))
    assert body["unread"] == unread
    assert {f"unread:{path}" for path in unread} <= set(body["missing"])
    assert body["division"] == "990101103"


async def test_it_keeps_the_words_beside_a_number_that_says_less(shared_world: World) -> None:
    body = await stored(shared_world, make_report(casualties={"deaths": "约10", "injuries": "10余人"}))
    assert (body["casualties"]["deaths"], body["casualties"]["injuries"]) == (10, 10)
    assert body["as_typed"] == {"casualties.deaths": "约10", "casualties.injuries": "10余人"}
    assert "unread" not in body and "casualties" not in body["missing"]


async def test_being_verified_is_an_answer_in_a_number_too(shared_world: World) -> None:
    body = await stored(shared_world, make_report(casualties={"deaths": "正在核实"}))
    assert body["unread"] == {"casualties.deaths": "正在核实"}
    assert not {"casualties", "unread:casualties.deaths"} & set(body["missing"])


async def test_an_everyday_word_is_a_category_and_stays_beside_it(shared_world: World) -> None:
    body = await stored(shared_world, make_report(category="高速追尾三车"))
    assert (body["category"], body["as_typed"]) == (
        "accident.traffic.expressway",
        {"category": "高速追尾三车"},
    )


@pytest.mark.parametrize(
    ("field", "length"), [("title", 200), ("source.phone", 40), ("details.cause", 20_000)]
)
async def test_a_text_that_is_too_long_is_cut_and_its_whole_is_kept(
    shared_world: World, field: str, length: int
) -> None:
    part, _, name = field.rpartition(".")
    words = "x" * (length + 1)
    body = await stored(shared_world, make_report(**({part: {name: words}} if part else {name: words})))
    shown = body[part][name] if part else body[name]
    assert (len(shown), shown[-1], body["as_typed"][field]) == (length, "…", words)


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "\u200eab\u200f", "a\u00adb"])
async def test_signs_that_nobody_sees_are_taken_out_of_a_title(shared_world: World, text: str) -> None:
    assert (await stored(shared_world, make_report(title=text)))["title"] == "ab"


async def test_half_a_character_does_not_refuse_a_report(shared_world: World) -> None:
    body = json.dumps(make_report(title="ok")).encode().replace(b'"ok"', b'"\\ud800 ok"')
    assert (await stored(shared_world, body))["title"] == "\ufffd ok"


async def test_a_number_longer_than_any_stays_words(shared_world: World) -> None:
    body = (
        json.dumps(make_report(casualties={"deaths": 1}))
        .encode()
        .replace(b'"deaths": 1', b'"deaths": ' + b"9" * 5000)
    )
    assert (await stored(shared_world, body))["unread"] == {"casualties.deaths": "9" * 5000}


async def test_an_id_copied_with_what_is_invisible_is_the_same_id(shared_world: World) -> None:
    report_id = str(uuid4())
    for typed in (report_id, f" {report_id}\u200b", f"\ufeff{report_id.upper()}"):
        answer = await shared_world.call(
            "reporter", "POST", "/api/v1/reports", json=make_report(report_id=typed)
        )
        assert (answer.status_code, answer.json()["report_id"]) == (202, report_id)


async def test_the_same_words_sent_twice_are_one_report(shared_world: World) -> None:
    report_id = str(uuid4())
    body = make_report(report_id=report_id, casualties={"deaths": "十几"}, place={"division": "双河镇"})
    receipts = [
        (await shared_world.call("reporter", "POST", "/api/v1/reports", json=body)).json() for _ in range(2)
    ]
    assert receipts[0] == receipts[1]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", ""),
        ("gbk", ""),  # plainly GBK
        ("gbk", "; charset=gbk"),
        ("gb18030", "; charset=GB18030"),
        ("gb2312", '; charset="gb2312"'),
        ("utf-16", ""),
        ("utf-8", "; charset=utf-8"),
    ],
)
async def test_it_reads_a_body_in_the_encodings_of_chinese_programs(
    shared_world: World, encoding: str, declared: str
) -> None:
    body = json.dumps(make_report(title="粮库起火，已疏散"), ensure_ascii=False).encode(encoding)
    kind = {"Content-Type": f"application/json{declared}"}
    assert (await stored(shared_world, body, headers=kind))["title"] == "粮库起火，已疏散"


@pytest.mark.parametrize(
    ("body", "declared", "named"),
    [
        (json.dumps(make_report()).encode(), "punycode", "punycode"),
        (json.dumps(make_report()).encode(), "idna", "idna"),
        ("粮库".encode(), "gbk2", "gbk2"),
        (b"\xff\xff\xff", "gbk", "gbk"),
        (b'{"title": "\xe9"}', "", "GB18030"),
    ],
)
async def test_it_names_an_encoding_that_it_does_not_read(
    shared_world: World, body: bytes, declared: str, named: str
) -> None:
    kind = {"Content-Type": "application/json" + (f"; charset={declared}" if declared else "")}
    answer = await shared_world.call("reporter", "POST", "/api/v1/reports", content=body, headers=kind)
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (400, "encoding")
    assert named in answer.json()["detail"]


async def test_a_logged_call_is_read_the_same_way(shared_world: World) -> None:
    call = make_call(at(minutes=-1), casualties={"deaths": "十几"}, category="着火", grade="三级")
    call["report"]["source"] = {"unit": "双河镇\u200b政府", "phone": "0990-5550104转8"}
    call["report"]["place"] = {"division": "双河镇"}
    del call["report"]["medium"]
    answer = await shared_world.call("duty_officer", "POST", "/api/v1/calls", json=call)
    assert answer.status_code == 202, answer.text
    body = await found(shared_world, answer.json()["report_id"])
    assert (body["medium"], body["category"], body["grade"]) == ("phone", "accident.fire", "III")
    assert (body["place"]["division"], body["unread"]) == ("990101104", {"casualties.deaths": "十几"})
    (row,) = await shared_world.rows(
        "select from_node from reports where report_id = $1", answer.json()["report_id"]
    )
    assert row["from_node"] == "990101104"


async def test_it_says_in_the_askers_language_which_words_want_a_number(shared_world: World) -> None:
    answer = await shared_world.call(
        "reporter", "POST", "/api/v1/reports", json=make_report(casualties={"deaths": "十几"})
    )
    await shared_world.settled()
    state = await shared_world.get(f"reports/{answer.json()['report_id']}")
    labels = state["missing_labels"]
    assert {"zh": "死亡（已记原话，请补准确内容）", "en": "Deaths (kept in words; give it exactly)"} in labels
