"""A county as files describe it: its nodes, people, duty roster and ladders."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.shape import Division, Line, Moment, Shape
from schemas.vocabulary import Channel, Grade, NodeRole, UserRole

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$")]


class Node(Shape):
    """A unit in the reporting chain. `handles`: category prefixes a department answers for."""

    code: Code
    name: Line
    name_en: Line = ""
    role: NodeRole
    division: Division
    parent: Code | None = None
    phone: str | None = None
    handles: tuple[str, ...] = ()


class Contact(Shape):
    """One way to reach a person: `address` is a URL for a webhook, empty for the console."""

    channel: Channel
    address: str = ""


class Person(Shape):
    """Somebody with a name: a reporter, a person on duty, a leader on the ladder."""

    person_id: UUID
    login: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{1,39}$")]
    name: Line
    name_en: Line = ""
    post: Line = ""
    node: Code
    role: UserRole
    phone: str | None = None
    contacts: tuple[Contact, ...] = (Contact(channel=Channel.CONSOLE),)


class Shift(Shape):
    """One person at one post from `starts` (included) to `ends` (excluded); it beats a rotation."""

    post: Code
    person: str
    starts: Moment
    ends: Moment


class Rotation(Shape):
    """People who take turns at one post for ever: `hours` each, the first from `anchor`. `person` is a login."""

    post: Code
    people: Annotated[tuple[str, ...], Field(min_length=1)]
    anchor: Moment
    hours: Annotated[int, Field(ge=1, le=24 * 31)]


class Roster(Shape):
    """值班表: who is on duty when, at which post. Two shifts of one post never overlap."""

    rotations: tuple[Rotation, ...] = ()
    shifts: tuple[Shift, ...] = ()


class Step(Shape):
    """One rung: the post to tell and how long to wait for an answer, in minutes, for each grade."""

    post: Code
    wait_minutes: dict[Grade, Annotated[float, Field(gt=0, le=24 * 60)]]


class Ladder(Shape):
    """逐级呼叫链: the ordered steps of whom to tell; climbed again after `repeat_minutes` when nobody answered."""

    id: Code
    categories: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    repeat_minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 10


class Post(Shape):
    """A seat on the ladder. `holder` is a login where one person holds it always; else the roster says who."""

    code: Code
    name: Line
    name_en: Line = ""
    holder: str | None = None


class County(Shape):
    """All of it together; `code` is the node of the county itself, `timezone` an IANA name."""

    code: Code
    name: Line
    name_en: Line = ""
    timezone: str = "Asia/Shanghai"
    phone: str
    demo: bool = False
    """A fictional county to try things out: only here are sign-ins shown and may the clock run fast."""
    nodes: tuple[Node, ...]
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    roster: Roster
    ladders: Annotated[tuple[Ladder, ...], Field(min_length=1)]
    packs: tuple[str, ...] = ()
