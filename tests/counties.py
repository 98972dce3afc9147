"""The demo county with a change: other contacts, an empty seat, other minutes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jibao.county_files import read_county
from rules.rosters import holder
from schemas.county import Contact, County, Person, Shift
from schemas.vocabulary import Channel

COUNTY = Path(__file__).parents[1] / "examples" / "county"


def demo_county() -> County:
    """The county of `examples/county`."""
    return read_county(COUNTY)


@dataclass(frozen=True)
class OnDuty:
    """Who stands on each step of the demo ladder at one moment."""

    duty_officer: Person
    duty_leader: Person
    office_director: Person
    deputy_county_head: Person
    county_head: Person


def on_duty(county: County, moment: datetime) -> OnDuty:
    """The people of the ladder then."""
    by_login = {person.login: person for person in county.people}
    posts = OnDuty.__dataclass_fields__
    return OnDuty(**{post: by_login[holder(county, post, moment) or ""] for post in posts})


def with_contacts(county: County, login: str, *contacts: Contact) -> County:
    """The same county in which one person is reached otherwise; no contacts: cannot be reached."""
    return _with_people(county, login, contacts=contacts)


def webhook(address: str) -> Contact:
    """A webhook contact."""
    return Contact(channel=Channel.WEBHOOK, address=address)


CONSOLE = Contact(channel=Channel.CONSOLE)


def with_shifts(county: County, *shifts: Shift) -> County:
    """Explicit shifts, which beat the rotation."""
    return county.model_copy(update={"roster": county.roster.model_copy(update={"shifts": shifts})})


def without_rotation(county: County, post: str) -> County:
    """A seat that the roster leaves empty."""
    rotations = tuple(one for one in county.roster.rotations if one.post != post)
    return county.model_copy(update={"roster": county.roster.model_copy(update={"rotations": rotations})})


def _with_people(county: County, login: str, **changes: Any) -> County:
    people = tuple(p.model_copy(update=changes) if p.login == login else p for p in county.people)
    return county.model_copy(update={"people": people})
