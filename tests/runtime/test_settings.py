"""A role reads its settings from the environment or from files, says what is missing, and never shows a secret."""

from pathlib import Path

import pytest

from runtime.settings import SettingMissing, Settings

SECRETS = {
    "JIBAO_NATS_PASSWORD": "nats-secret-1",
    "JIBAO_DATABASE_URL": "postgresql://owner:url-secret-2@127.0.0.1/jibao",
    "JIBAO_DATABASE_PASSWORD": "database-secret-3",
    "JIBAO_LINK_KEY": "link-secret-4",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Everything a role needs."""
    for key, value in ({"JIBAO_NATS_URL": "nats://127.0.0.1:4222"} | SECRETS).items():
        monkeypatch.setenv(key, value)
    return monkeypatch


def test_it_never_shows_a_secret(environment: pytest.MonkeyPatch) -> None:
    shown = repr(Settings.of_role("doors")) + str(Settings.of_role("doors"))
    assert not [secret for secret in ("secret-1", "secret-2", "secret-3", "secret-4") if secret in shown]


def test_it_reads_a_secret_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.delenv("JIBAO_DATABASE_PASSWORD")
    (tmp_path / "password").write_text("from-a-file\n", encoding="utf-8-sig")  # as an editor saves it
    environment.setenv("JIBAO_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    assert Settings.of_role("doors").database_password == "from-a-file"


@pytest.mark.parametrize("name", ["JIBAO_NATS_URL", "JIBAO_DATABASE_URL"])
def test_it_names_what_is_missing(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SettingMissing, match=name):
        Settings.of_role("doors")


def test_it_has_no_secret_by_default_and_listens_on_loopback(environment: pytest.MonkeyPatch) -> None:
    for name in ("JIBAO_NATS_PASSWORD", "JIBAO_DATABASE_PASSWORD", "JIBAO_LINK_KEY"):
        environment.delenv(name)
    settings = Settings.of_role("doors")
    assert (settings.nats_password, settings.database_password, settings.link_key) == ("", "", "")
    assert (settings.host, settings.demo) == ("127.0.0.1", False)
