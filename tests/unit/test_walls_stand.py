"""The contracts of .importlinter really forbid what they name: each is broken once, in a small copy of the rooms."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = (
    *(
        "site",
        "desk",
        "exchange",
        "exchange/excel",
        "bulk",
        "monitoring",
        "trials",
        "care",
        "access",
        "register",
    ),
    *("library", "records", "rules", "kernel"),
)
WITH_MODELS = ("access", "care", "exchange/excel", "monitoring", "register", "trials")
NAMES = {
    "layers": "Imports point down",
    "pure": "kernel, rules, records",
    "models": "An app's models",
    "adapters": "adapters",
}


@pytest.fixture
def rooms(tmp_path: Path, project: Path) -> Path:
    """Empty rooms with the project's contracts."""
    for room in ["", *ROOMS]:
        (tmp_path / "siklus" / room).mkdir(exist_ok=True)
        (tmp_path / "siklus" / room / "__init__.py").touch()
    for room in WITH_MODELS:
        (tmp_path / "siklus" / room / "models.py").touch()
    shutil.copy(project / ".importlinter", tmp_path)
    return tmp_path


def _broken(rooms: Path) -> set[str]:
    """The keys of the contracts that the linter calls broken."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=rooms, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(rooms), "COLUMNS": "400"},
    )  # fmt: skip
    broken = {
        key
        for key, name in NAMES.items()
        for line in run.stdout.splitlines()
        if name in line and "BROKEN" in line
    }
    assert (run.returncode == 0) == (not broken), run.stdout + run.stderr
    return broken


def test_rooms_that_use_only_what_is_below_them_are_in_order(rooms: Path) -> None:
    (rooms / "siklus/care/actions.py").write_text(
        "from siklus.care import models\nfrom siklus.register import queries\n"
    )
    (rooms / "siklus/register/queries.py").write_text("from siklus.register.models import x\n")
    assert _broken(rooms) == set()


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("rules/engine.py", "import siklus.library", "layers"),
        ("bulk/rebuild.py", "from siklus.desk import views", "layers"),
        ("lobby/__init__.py", "", "layers"),
        ("trials/queries.py", "from siklus.monitoring import queries", "layers"),
        ("records/checks.py", "import sqlite3", "pure"),
        ("care/actions.py", "from siklus.register.models import Person", "models"),
        ("desk/views.py", "from siklus.exchange.excel.models import Batch", "models"),
        ("exchange/fhir/__init__.py", "from siklus.exchange.excel import views", "adapters"),
    ],
)
def test_a_hole_in_a_wall_is_seen(rooms: Path, module: str, line: str, contract: str) -> None:
    path = rooms / "siklus" / module
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(line + "\n")
    assert contract in _broken(rooms)
