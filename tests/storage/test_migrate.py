"""Migrations go forward only, each once; a file that was applied may not change; rights are set again every time."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from storage import migrate as module
from storage.migrate import MigrationChanged, migrate, migrations
from tests.servers import PASSWORDS, Databases

ROLES = {role: PASSWORDS[role] for role in module.ROLES}


@pytest.fixture
async def empty(session_databases: Databases) -> AsyncIterator[str]:
    """The address of an empty database."""
    name = f"test_{uuid4().hex[:12]}"
    admin = await asyncpg.connect(session_databases.server.dsn())
    await admin.execute(f"create database {name}")
    yield session_databases.server.dsn(name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def rights(url: str) -> list[tuple[str, str, str]]:
    """Who may do what to which table."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select grantee, table_name, privilege_type from information_schema.role_table_grants"
        " where table_schema = 'public' and grantee like 'jibao%' order by 1, 2, 3"
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def test_it_applies_every_file_in_order_to_an_empty_database(empty: str) -> None:
    assert await migrate(empty) == [one.name for one in migrations()]
    assert [one.name for one in migrations()] == sorted(one.name for one in migrations())


async def test_it_applies_nothing_the_second_time_and_leaves_the_rights_as_they_were(empty: str) -> None:
    await migrate(empty)
    before = await rights(empty)
    assert await migrate(empty) == []
    assert await rights(empty) == before != []


async def test_it_refuses_a_file_that_was_applied_and_says_something_else_now(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in migrations():
        (tmp_path / one.name).write_text(one.text, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    await migrate(empty)
    first = tmp_path / migrations()[0].name
    first.write_text(first.read_text(encoding="utf-8") + "\n-- afterthought", encoding="utf-8")
    with pytest.raises(MigrationChanged, match=first.name):
        await migrate(empty)


async def test_it_applies_only_what_is_new(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in migrations():
        (tmp_path / one.name).write_text(one.text, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    await migrate(empty)
    (tmp_path / "9999_more.sql").write_text("create table more (id int);", encoding="utf-8")
    assert await migrate(empty) == ["9999_more.sql"]


async def test_it_keeps_nothing_of_a_file_that_fails(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in migrations():
        (tmp_path / one.name).write_text(one.text, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    bad = tmp_path / "9999_bad.sql"
    bad.write_text("create table half (id int); select 1 / 0;", encoding="utf-8")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty)
    bad.write_text("create table half (id int);", encoding="utf-8")
    assert await migrate(empty) == ["9999_bad.sql"]


async def test_it_makes_only_the_roles_of_the_house(empty: str) -> None:
    with pytest.raises(ValueError, match="jibao_root"):
        await migrate(empty, {"jibao_root": "x"})


async def test_it_sets_the_passwords_it_is_given(empty: str) -> None:
    await migrate(empty, ROLES | {"jibao_relay": 'it\'s a "new" one\\'})
    connection = await asyncpg.connect(empty, user="jibao_relay", password='it\'s a "new" one\\')
    await connection.close()
    await migrate(empty, ROLES)
