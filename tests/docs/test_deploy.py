"""The files in deploy/ can be read by what they are for, and name only what there is."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from siklus.site.cli import COMMANDS

UNITS = ("siklus.service", "siklus-backup.service", "siklus-backup.timer")
_SECTIONS = {"Unit", "Service", "Timer", "Install"}
_VARIABLE = re.compile(r"\bSIKLUS_[A-Z_]+")


def unit(project: Path, name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=True, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((project / "deploy" / name).read_text())
    return read


@pytest.fixture
def compose(project: Path) -> dict[str, Any]:
    read = yaml.safe_load((project / "deploy/compose.yaml").read_text())
    assert isinstance(read, dict)
    return read


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_sections_that_systemd_knows_and_runs_a_command_that_is_there(
    project: Path, name: str
) -> None:
    read = unit(project, name)
    assert set(read.sections()) <= _SECTIONS
    assert read["Unit"]["Description"]
    if name.endswith(".timer"):
        assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d", read["Timer"]["OnCalendar"])
        assert name.replace(".timer", ".service") in UNITS
        return
    program, command = read["Service"]["ExecStart"].split()[:2]
    assert program.endswith("/.venv/bin/siklus") and command in COMMANDS
    assert read["Service"]["User"] == "siklus", "never as root"
    assert read["Service"]["NoNewPrivileges"] == "true"


def test_what_compose_names_is_declared_and_no_image_names_a_host(
    project: Path, compose: dict[str, Any]
) -> None:
    services = compose["services"]
    assert services.keys() == {"database", "siklus", "caddy"}
    for service in services.values():
        assert re.fullmatch(r"[a-z]+(:[\d.]+)?", service["image"]), "no host of a registry"
        assert set(service.get("depends_on", ())) <= services.keys()
        assert set(service.get("secrets", ())) <= compose["secrets"].keys()
        for volume in service.get("volumes", ()):
            name = volume.split(":")[0]
            assert name in compose["volumes"] or (project / "deploy" / name).is_file()
        assert service["restart"] == "unless-stopped"
    for service, condition in (
        (services["siklus"], services["database"]), (services["caddy"], services["siklus"])
    ):  # fmt: skip
        assert "service_healthy" in str(service["depends_on"]) and "healthcheck" in condition
    assert list(services["caddy"]["ports"]) == ["80:80", "443:443"]
    assert not any("ports" in services[name] for name in ("database", "siklus")), "only Caddy is seen outside"
    assert (project / "deploy" / services["siklus"]["build"]["context"]).resolve() == project
    assert (project / services["siklus"]["build"]["dockerfile"]).is_file()


def test_no_secret_stands_in_a_file_to_copy(project: Path, compose: dict[str, Any]) -> None:
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:?}"
    for line in (project / "deploy/environment.example").read_text().splitlines():
        assert re.fullmatch(r"#.*|SIKLUS_[A-Z_]+=\S+", line), line
        assert not re.search(r"(SECRET|TOKEN|PASSWORD)", line)


def test_every_variable_is_one_the_program_reads(project: Path) -> None:
    code = "".join(path.read_text() for path in (project / "src/siklus").rglob("*.py"))
    known = set(_VARIABLE.findall(code)) | {"SIKLUS_NAME"}
    for path in [*(project / "deploy").iterdir(), project / "docs/how-to/run-it.md"]:
        assert set(_VARIABLE.findall(path.read_text())) <= known, path.name


def test_the_image_copies_what_there_is_and_caddy_closes_what_it_opens(project: Path) -> None:
    lines = (project / "deploy/Dockerfile").read_text().splitlines()
    assert all((project / line.split()[1]).exists() for line in lines if line.startswith("COPY "))
    assert not any(line.startswith("USER root") for line in lines) and "USER siklus" in lines
    caddy = (project / "deploy/Caddyfile").read_text()
    assert caddy.count("{") == caddy.count("}")
    assert "respond @inside 404" in caddy


def test_every_command_on_the_page_is_one_of_ours(project: Path) -> None:
    page = (project / "docs/how-to/run-it.md").read_text()
    named = re.findall(r"(?:`|bin/|^|&& )siklus ([a-z]+)", page, re.MULTILINE)
    assert {"backup", "restore", "migrate", "doctor"} <= set(named) <= set(COMMANDS)
