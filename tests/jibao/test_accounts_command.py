"""`jibao county …` on a real database: deactivate, tokens, passwords; exit codes and what is written down."""

import asyncio
import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from jibao.command import app
from runtime.keys import WEBHOOK, key_for
from tests.world import World

Run = Callable[..., Result]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command as the owner of the database types it, in a thread of its own since it has its own loop."""
    monkeypatch.setenv("JIBAO_DATABASE_URL", world.settings["doors"].database_url)
    monkeypatch.setenv("JIBAO_LINK_KEY", "a link key")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def one(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=typed)

    return one


async def typed(run: Run, *words: str, text: str = "") -> Result:
    """Run a command beside the event loop of the test."""
    return await asyncio.to_thread(run, *words, typed=text)


async def test_it_deactivates_in_one_act_and_lets_in_again(world: World, run: Run) -> None:
    assert (await typed(run, "county", "deactivate", "duty.zhao", "--why", "离职")).exit_code == 0
    state = await world.rows("select may_sign_in from people where login = 'duty.zhao'")
    assert state[0]["may_sign_in"] is False
    assert (await typed(run, "county", "deactivate", "nobody")).exit_code == 1
    assert (await typed(run, "county", "reactivate", "duty.zhao")).exit_code == 0
    kinds = [row["kind"] for row in await world.rows("select kind from security_log order by seq")]
    assert kinds == ["person_deactivated", "person_reactivated"]


async def test_it_makes_lists_and_revokes_tokens_that_end(world: World, run: Run) -> None:
    made = await typed(run, "county", "token", "duty.zhao", "--label", "报表")
    token = made.stdout.splitlines()[0]
    assert token.startswith("jibao_") and made.exit_code == 0
    listed = json.loads((await typed(run, "county", "tokens", "duty.zhao", "--json")).stdout)
    mine = next(one for one in listed if one["label"] == "报表")
    assert mine["expires_at"] and token not in json.dumps(listed)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await world.http.get("/api/v1/session", headers=headers)).status_code == 200
    assert (await typed(run, "county", "revoke", "duty.li", mine["token_id"])).exit_code == 1
    assert (await typed(run, "county", "revoke", "duty.zhao", mine["token_id"])).exit_code == 0
    exported = (await typed(run, "security-log", "export")).stdout
    kinds = [json.loads(line)["kind"] for line in exported.splitlines()]
    assert kinds == ["token_made", "token_revoked", "log_read"] and token not in exported


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", 1), ("woaini5201314", 1), ("duty.zhao2026", 1), ("河边三棵老柳树 in May", 0)],
)
async def test_it_takes_a_password_only_if_nobody_tries_it_first(
    world: World, run: Run, password: str, code: int
) -> None:
    done = await typed(run, "county", "password", "duty.zhao", text=f"{password}\n")
    assert done.exit_code == code, done.output
    row = (await world.rows("select password_hash from people where login = 'duty.zhao'"))[0]
    assert (row["password_hash"] is not None) is (code == 0)
    assert password not in done.output


async def test_it_shows_the_webhooks_key_and_never_the_secret_itself(world: World, run: Run) -> None:
    shown = (await typed(run, "county", "webhook-key")).stdout.strip()
    assert shown == key_for(WEBHOOK, "a link key").hex()
