"""Whether a county's files hold together: at every minute ahead somebody on every ladder can be told.

Each finding names file, item and key and says how to mend it; `jibao roster check` prints them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules import rosters, routing
from rules.access import Act, is_inside, may
from rules.chain import REPORTING_ROLES
from rules.county_faults import Fault, Finding, finding
from schemas.categories import CATEGORIES
from schemas.county import County, Ladder, Node
from schemas.vocabulary import Channel, NodeRole

Gap = tuple[datetime, datetime]

_COUNTY, _NODES, _PEOPLE = "county.toml", "nodes.toml", "people.toml"
_ROSTER, _LADDERS = "roster.toml", "ladders.toml"


def check(county: County, start: datetime, days: int = 30) -> list[Finding]:
    """Everything that is wrong in [start, start + days); moments are written in the zone of `start`."""
    end = start + timedelta(days=days)
    return [
        *_duplicates(county),
        *_nodes(county),
        *_people(county),
        *_posts(county),
        *rosters.problems(county.roster, county.people),
        *_ladders(county),
        *_gaps(county, start, end),
    ]


def _duplicates(county: County) -> Iterator[Finding]:
    kinds: tuple[tuple[str, str, str, Iterable[str]], ...] = (
        (_NODES, "node", "code", (node.code for node in county.nodes)),
        (_PEOPLE, "person", "login", (person.login for person in county.people)),
        (_PEOPLE, "person", "person_id", (str(person.person_id) for person in county.people)),
        (_ROSTER, "post", "code", (post.code for post in county.posts)),
        (_LADDERS, "ladder", "id", (ladder.id for ladder in county.ladders)),
    )
    for file, item, key, values in kinds:
        for value, times in Counter(values).items():
            if times > 1:
                yield finding(Fault.DUPLICATE, file, f"{item} {value}", key=key, name=value)


def _nodes(county: County) -> Iterator[Finding]:
    nodes = {node.code: node for node in county.nodes}
    own = nodes.get(county.code)
    if own is None or own.role is not NodeRole.COUNTY:
        yield finding(Fault.NO_COUNTY_NODE, _COUNTY, "county", key="code", name=county.code)
    for node in county.nodes:
        label = f"node {node.code}"
        if node.parent is not None and node.parent not in nodes:
            yield finding(Fault.UNKNOWN_NODE, _NODES, label, key="parent", name=node.parent)
        elif loop := _loop(node, nodes):
            yield finding(Fault.PARENT_LOOP, _NODES, label, key="parent", name=loop)
        if own is not None and node.role in REPORTING_ROLES and not is_inside(node.division, own.division):
            yield finding(Fault.OUTSIDE_COUNTY, _NODES, label, key="division", name=node.division)
        for category in node.handles:
            if category not in CATEGORIES:
                yield finding(Fault.UNKNOWN_CATEGORY, _NODES, label, key="handles", name=category)


def _loop(node: Node, nodes: dict[str, Node]) -> str:
    """The way from a node back to itself, empty when there is none."""
    path = [node.code]
    parent = node.parent
    while parent in nodes and parent not in path:
        path.append(parent)
        parent = nodes[parent].parent
    return " → ".join([*path, node.code]) if parent == node.code else ""


def _people(county: County) -> Iterator[Finding]:
    codes = {node.code for node in county.nodes}
    on_ladder = _logins_on_ladders(county)
    for person in county.people:
        label = f"person {person.login}"
        if person.node not in codes:
            yield finding(Fault.UNKNOWN_NODE, _PEOPLE, label, key="node", name=person.node)
        if not person.contacts:
            yield finding(Fault.NO_CONTACT, _PEOPLE, label, key="contacts", name=person.name)
        for contact in person.contacts:
            if contact.channel is not Channel.CONSOLE and not contact.address:
                yield finding(Fault.EMPTY_ADDRESS, _PEOPLE, label, key="contacts", name=contact.channel.value)
        if person.login in on_ladder and not may(person.role, Act.ACKNOWLEDGE):
            yield finding(Fault.MAY_NOT_ACKNOWLEDGE, _PEOPLE, label, key="role", name=person.role.value)


def _logins_on_ladders(county: County) -> set[str]:
    posts = {step.post for ladder in county.ladders for step in ladder.steps}
    logins = {post.holder for post in county.posts if post.code in posts and post.holder is not None}
    for rotation in county.roster.rotations:
        logins |= set(rotation.people) if rotation.post in posts else set()
    return logins | {shift.person for shift in county.roster.shifts if shift.post in posts}


def _posts(county: County) -> Iterator[Finding]:
    logins = {person.login for person in county.people}
    codes = {post.code for post in county.posts}
    for post in county.posts:
        if post.holder is not None and post.holder not in logins:
            yield finding(Fault.UNKNOWN_PERSON, _ROSTER, f"post {post.code}", key="holder", name=post.holder)
    for rotation in county.roster.rotations:
        if rotation.post not in codes:
            yield finding(
                Fault.UNKNOWN_POST, _ROSTER, f"rotation {rotation.post}", key="post", name=rotation.post
            )
    for shift in county.roster.shifts:
        if shift.post not in codes:
            yield finding(
                Fault.UNKNOWN_POST, _ROSTER, f"shift of {shift.person}", key="post", name=shift.post
            )


def _ladders(county: County) -> Iterator[Finding]:
    codes = {post.code for post in county.posts}
    if not any(routing.is_default(ladder) for ladder in county.ladders):
        yield finding(Fault.NO_DEFAULT_LADDER, _LADDERS, "ladders", key="categories")
    for ladder in county.ladders:
        label = f"ladder {ladder.id}"
        for step in ladder.steps:
            if step.post not in codes:
                yield finding(Fault.UNKNOWN_POST, _LADDERS, label, key="steps.post", name=step.post)
            if not step.wait_minutes:
                yield finding(Fault.NO_WAIT, _LADDERS, label, key="steps.wait_minutes", name=step.post)
        for category in ladder.categories:
            if category not in CATEGORIES:
                yield finding(Fault.UNKNOWN_CATEGORY, _LADDERS, label, key="categories", name=category)


def _gaps(county: County, start: datetime, end: datetime) -> Iterator[Finding]:
    """Minutes without anybody: at one post of a ladder, and at all posts of one ladder together."""
    gaps = {post.code: _post_gaps(county, post.code, start, end) for post in county.posts}
    used = {step.post for ladder in county.ladders for step in ladder.steps}
    for code, of_post in gaps.items():
        for gap in of_post if code in used else ():
            yield finding(Fault.POST_UNCOVERED, _ROSTER, f"post {code}", key="post", name=_span(gap, start))
    for ladder in county.ladders:
        for gap in _ladder_gaps(ladder, gaps, (start, end)):
            label = f"ladder {ladder.id}"
            yield finding(Fault.LADDER_UNCOVERED, _LADDERS, label, key="steps", name=_span(gap, start))


def _post_gaps(county: County, post: str, start: datetime, end: datetime) -> list[Gap]:
    if any(seat.code == post and seat.holder is not None for seat in county.posts):
        return []
    return rosters.uncovered(county.roster, post, start, end)


def _ladder_gaps(ladder: Ladder, gaps: dict[str, list[Gap]], window: Gap) -> list[Gap]:
    """What the gaps of all its posts have in common; a post that does not exist is never manned."""
    common = [window]
    for step in ladder.steps:
        of_post = gaps.get(step.post, [window])
        overlaps = ((max(a, c), min(b, d)) for a, b in common for c, d in of_post)
        common = [(start, end) for start, end in overlaps if start < end]
    return common


def _span(gap: Gap, start: datetime) -> str:
    first, last = (moment.astimezone(start.tzinfo) for moment in gap)
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"
