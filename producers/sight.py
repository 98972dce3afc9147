"""What the asker may see: her scope by the access rules, and the same for a query; answers are narrowed to it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from producers.reception import Reception
from producers.sign_in import SignedIn
from rules import access
from rules.access import Scope
from storage.incidents import Own


def scope_of(reception: Reception, who: SignedIn) -> Scope:
    """The scope of a signed-in person in the county in force."""
    return access.scope_of(who.person, reception.desk.nodes.get(who.person.node))


def own_of(scope: Scope) -> Own | None:
    """The same scope as storage narrows its queries by it; None for whoever sees everything."""
    return None if scope.everything else Own(scope.node, scope.division, scope.categories, scope.within)


def alerts(shown: Iterable[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    """An incident's alerts; who is narrowed sees who has it, not the ladder with its phones nor every try."""
    if scope.everything:
        return list(shown)
    return [alert | {"steps": [], "attempts": []} for alert in shown]


def facts(shown: Iterable[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    """Facts of the ledger for the asker. An address may hold the receiver's own secret: nobody is shown more of it
    than its host; who is narrowed is shown none.
    """
    return [fact | {"body": _body(fact["body"], scope)} for fact in shown]


def _body(body: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    said = dict(body)
    if "attempts" in said:
        said["attempts"] = [_attempt(one) for one in said["attempts"]] if scope.everything else []
    if "attempt" in said:
        said["attempt"] = _attempt(said["attempt"])
    return said


def _attempt(attempt: Mapping[str, Any]) -> dict[str, Any]:
    return dict(attempt) | {"address": _host(attempt.get("address", ""))}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # what the county file holds need be no address at all
        return ""
