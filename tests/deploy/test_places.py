"""Containers, compose, Kubernetes and systemd: roles and settings that exist, and closed to the rest."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from jibao.nats_config import RIGHTS
from jibao.roles import ROLES
from storage.migrate import ROLES as DATABASE_ROLES
from tests.deploy.promql import DEPLOY, load

ROOT = DEPLOY.parent
TEXTS = [path for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts]
YAMLS = [path for path in TEXTS if path.suffix in {".yml", ".yaml"}]
COMPOSE: dict[str, Any] = load(DEPLOY / "compose" / "compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
COMMANDS = [["migrate"], ["provision"], ["county", "load", "/county"], *(["run", role] for role in ROLES)]
SETTINGS = set(
    re.findall(r'read(?:_setting)?\("(JIBAO_\w+)"', (ROOT / "runtime" / "settings.py").read_text())
)
MAY_BE_FILES = SETTINGS | {f"{name}_FILE" for name in SETTINGS}


def name_of(path: Path) -> str:
    return str(path.relative_to(DEPLOY))


def documents(path: Path) -> list[dict[str, Any]]:
    import yaml  # type: ignore[import-untyped]

    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", YAMLS, ids=name_of)
def test_it_is_yaml(path: Path) -> None:
    assert all(documents(path))


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_it_holds_no_secret_and_names_no_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "PRIVATE KEY" not in text
    assert not re.search(
        r"(?i)(password|secret|token|link_key)\w*['\"]?\s*[:=]\s*['\"]?[A-Za-z0-9+/]{12,}['\"]?\s*$", text
    )
    assert not re.search(r"://\w+:(?!PASSWORD|\$)[^@\s/]+@", text)
    images = re.findall(r"(?m)^\s*(?:image:|FROM)\s+(?:\$\{\w+:-)?([\w./:-]+)", text)
    for image in images:
        first, _, rest = image.partition("/")
        assert not rest or not re.search(r"[.:]", first), f"{image} names a registry"
        assert re.search(r":[\w.-]+$", image), f"{image} has no version"
    # Lists of alerts and of dashboards are looked up by name, not read to their end; everything else is.
    a_list = path.suffix == ".json" or path.name in ("alerts.yml", "alerts_test.yml")
    assert a_list or len(text.splitlines()) <= 300


def test_compose_publishes_on_loopback_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("nats", "postgres", "clock", "relay"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_compose_starts_every_role_with_its_own_sign_ins() -> None:
    for role in ROLES:
        service = SERVICES[role]
        assert service["command"] == ["run", role]
        assert service["environment"]["JIBAO_DATABASE_USER"] == f"jibao_{role}"
        assert f"jibao_{role}" in DATABASE_ROLES
        secrets = {f"database_{role}"}
        if role in RIGHTS:
            assert service["environment"]["JIBAO_NATS_USER"] == role
            secrets.add(f"nats_{role}")
        assert set(service["secrets"]) - {"link_key"} == secrets


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_hardened_and_finds_its_files_and_secrets(name: str) -> None:
    service = SERVICES[name]
    assert "no-new-privileges:true" in service["security_opt"]
    given = {str(value) for key, value in service.get("environment", {}).items() if key.endswith("FILE")}
    for secret in service.get("secrets", ()):
        assert COMPOSE["secrets"][secret] == {"file": f"./secrets/{secret}"}
        assert secret in (DEPLOY / "compose" / "make_secrets.sh").read_text()
    assert {value.removeprefix("/run/secrets/") for value in given} <= set(service.get("secrets", ()))
    for mount in service.get("volumes", ()):
        source = mount.split(":")[0]
        if source.startswith("."):
            assert (DEPLOY / "compose" / source).exists(), mount
    if service.get("image", "").startswith("jibao:"):
        assert service["command"] in COMMANDS
        assert service["environment"].keys() <= MAY_BE_FILES
        assert service["cap_drop"] == ["ALL"]
    else:
        assert service["healthcheck"]["test"]  # ours stands in the Dockerfile


def test_secrets_are_made_once_and_are_for_nobody_else(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "compose" / "make_secrets.sh", tmp_path)
    script = tmp_path / "make_secrets.sh"
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert made.keys() == COMPOSE["secrets"].keys()
    assert all(re.fullmatch("[0-9a-f]{64}", secret) for secret in made.values())
    assert len(set(made.values())) == len(made)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    again = subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert again.stdout == b""
    assert "/secrets/" in (DEPLOY / "compose" / ".gitignore").read_text()


def test_the_image_is_not_root_and_takes_only_what_has_the_right_hash() -> None:
    text = (DEPLOY / "container" / "Dockerfile").read_text()
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER [1-9]\d*:[1-9]\d*$", last)
    assert "--require-hashes" in text
    assert "ARG" not in text and not re.search(r"ENV.*(PASSWORD|KEY)", text)
    let_in = set(re.findall(r"(?m)^!(\w+)$", (DEPLOY / "container" / "Dockerfile.dockerignore").read_text()))
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    assert {name for name in found["include"] if "." not in name} <= let_in


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for document in documents(path):
            if document["kind"] in {"Deployment", "StatefulSet", "Job"}:
                yield document["metadata"]["name"], document


PODS = dict(pods())


@pytest.mark.parametrize("name", PODS)
def test_each_pod_may_do_little_and_uses_little(name: str) -> None:
    template = PODS[name]["spec"]["template"]
    pod = template["spec"]
    assert template["metadata"]["labels"]["app.kubernetes.io/part-of"] == "jibao"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        if container["image"].startswith("jibao:"):
            assert container["args"] in COMMANDS
            assert {one["name"] for one in container["env"]} <= MAY_BE_FILES


@pytest.mark.parametrize("role", ROLES)
def test_kubernetes_runs_each_role_twice_and_asks_how_it_is(role: str) -> None:
    spec = PODS[f"jibao-{role}"]["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    assert spec["replicas"] >= 2
    assert container["args"] == ["run", role]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert spec["template"]["metadata"]["labels"]["app.kubernetes.io/component"] == role
    user = {one["name"]: one["value"] for one in container["env"]}
    assert user["JIBAO_DATABASE_USER"] == f"jibao_{role}"
    assert user.get("JIBAO_NATS_USER") == (role if role in RIGHTS else None)


def test_kubernetes_runs_three_brokers_and_provisions_three_replicas() -> None:
    (config,) = documents(DEPLOY / "kubernetes" / "config.yaml")
    assert PODS["jibao-nats"]["spec"]["replicas"] == int(config["data"]["JIBAO_NATS_REPLICAS"]) == 3
    assert config["data"].keys() <= SETTINGS


def test_kubernetes_secrets_have_no_values() -> None:
    for secret in documents(DEPLOY / "kubernetes" / "secrets.example.yaml"):
        assert set(secret["stringData"].values()) == {""}


def test_by_default_no_pod_speaks_to_another() -> None:
    first = documents(DEPLOY / "kubernetes" / "network_policy.yaml")[0]["spec"]
    assert first == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def unit(path: Path) -> list[tuple[str, str]]:
    return re.findall(r"(?m)^(\w+)=(.*)$", path.read_text())


@pytest.mark.parametrize("path", UNITS, ids=name_of)
def test_a_unit_starts_a_role_that_exists_with_settings_that_exist(path: Path) -> None:
    lines = unit(path)
    commands = [
        value.split()[1:]
        for key, value in lines
        if key == "ExecStart" and value.split()[0].endswith("/jibao")
    ]
    assert all(command in COMMANDS for command in commands)
    if path.stem.removeprefix("jibao-") in ROLES:
        assert commands == [["run", path.stem.removeprefix("jibao-")]]
    named = {pair.split("=")[0] for key, value in lines if key == "Environment" for pair in value.split()}
    assert named <= MAY_BE_FILES
    credentials = {value.split(":")[0] for key, value in lines if key == "LoadCredential"}
    used = {found for key, value in lines if key == "Environment" for found in re.findall(r"%d/(\w+)", value)}
    assert credentials == used


def test_the_target_wants_every_role() -> None:
    (wanted,) = [value for key, value in unit(DEPLOY / "systemd" / "jibao.target") if key == "Wants"]
    assert wanted.split() == [f"jibao-{role}.service" for role in ROLES]
    assert {f"{one}" for one in wanted.split()} <= {path.name for path in UNITS}


def test_the_shared_drop_in_changes_no_unit() -> None:
    """It wins over the units, so what a unit sets itself must not stand in it."""
    drop_in = dict(unit(DEPLOY / "systemd" / "jibao-.service.d" / "hardening.conf"))
    for path in UNITS:
        assert not drop_in.keys() & dict(unit(path)).keys(), path.name
    assert drop_in["NoNewPrivileges"] == drop_in["DynamicUser"] == "yes"


def test_the_common_settings_of_systemd_exist_and_are_no_secrets() -> None:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string("[all]\n" + (DEPLOY / "systemd" / "jibao.env").read_text())
    assert set(parser["all"]) <= SETTINGS
    assert not any("PASSWORD" in name or "KEY" in name for name in parser["all"])


def test_each_instance_on_one_machine_has_the_port_that_is_scraped() -> None:
    scraped = {
        group["labels"]["role"]: group["targets"][0].rpartition(":")[2]
        for group in load(DEPLOY / "prometheus" / "targets" / "local.yml")
    }
    for role in ROLES:
        assert ("Environment", f"JIBAO_PORT={scraped[role]}") in unit(
            DEPLOY / "systemd" / f"jibao-{role}.service"
        )
