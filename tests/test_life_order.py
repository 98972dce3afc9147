"""One report's life has one order in three places: schemas/events.py, consumers/app.py, docs/life_of_a_report.md.

The page has nine sections `## N. …`; in each, a table row `| file… |` names its files and a row `| says |` its facts.
"""

import importlib
import re
from pathlib import Path

from consumers.app import STEPS, durables
from consumers.deliver_alerts import FACTS as TELLING
from schemas import events
from schemas.events import KINDS, LIFE_ORDER, Fact

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "life_of_a_report.md"


def sections() -> list[str]:
    """The text of each numbered section, in order."""
    return re.split(r"^## \d+\. .*\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def row(section: str, head: str) -> str:
    """One row of a section's table."""
    found = re.search(rf"^\| {head}s? \|(.*)\|$", section, flags=re.MULTILINE)
    assert found, f"no row `{head}` in: {section[:80]}"
    return found[1]


def test_it_tells_nine_steps_in_their_order() -> None:
    numbers = re.findall(r"^## (\d+)\. ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, 10))


def test_it_says_each_fact_first_where_the_schema_has_it() -> None:
    said: list[str] = []
    for section in sections():
        said += [kind for kind in re.findall(r"`([a-z_]+\.[a-z_]+)`", row(section, "says")) if kind in KINDS]
    assert list(dict.fromkeys(said)) == [fact.kind for fact in LIFE_ORDER]


def test_it_defines_the_facts_in_the_order_of_their_list() -> None:
    defined = [
        one
        for one in vars(events).values()
        if isinstance(one, type) and issubclass(one, Fact) and "kind" in vars(one)
    ]
    assert tuple(defined) == LIFE_ORDER


def test_it_names_only_files_that_exist() -> None:
    named = {
        path for text in sections() for path in re.findall(r"`((?:\w+/)+[\w.]+\.(?:py|sql|toml))`", text)
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_it_wires_the_reactions_in_the_order_in_which_the_page_tells_them() -> None:
    told = [path for text in sections() for path in re.findall(r"`consumers/(\w+)\.py`", row(text, "file"))]
    order = {module: number for number, module in reversed(list(enumerate(told)))}
    wired = ["store_reports", *(step.name for step in STEPS)]
    assert set(wired) <= set(order), f"{set(wired) - set(order)} is on no row of files"
    assert wired == sorted(wired, key=order.__getitem__)


def test_it_gives_each_reaction_a_durable_of_its_own_name() -> None:
    names = [durable.name for durable in durables()]
    assert len(set(names)) == len(names)
    assert names[: 1 + len(STEPS)] == ["store_reports", *(step.name for step in STEPS)]
    assert all(name.startswith("deliver_alerts_") for name in names[1 + len(STEPS) :])


def test_it_opens_each_reaction_with_the_facts_it_reacts_to() -> None:
    """`fact → fact: sentence`, and the left side is what the durable is subscribed to."""
    reactions = {step.name: step.facts for step in STEPS} | {"deliver_alerts": TELLING}
    for name, facts in reactions.items():
        words = importlib.import_module(f"consumers.{name}").__doc__ or ""
        left, arrow, right = words.split(":")[0].partition("→")
        assert arrow, f"consumers/{name}.py does not open with `fact → fact: sentence`"
        assert {kind.strip() for kind in left.split(",")} == {fact.kind for fact in facts}, name
        assert all(kind.strip() in KINDS or " " in kind.strip() for kind in right.split(",")), name


def test_it_reacts_to_or_shows_every_fact_under_its_own_subject() -> None:
    assert {fact.kind: fact for fact in LIFE_ORDER} == KINDS
    assert {fact.subject() for fact in LIFE_ORDER} == {f"facts.{kind}" for kind in KINDS}
