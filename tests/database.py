"""Which database the suite runs on, settled before Django reads its settings (a pytest plugin, see pyproject.toml).

SIKLUS_TEST_DB=sqlite (as if not set): everything, on a SQLite file of its own.
SIKLUS_TEST_DB=postgres: a throw-away PostgreSQL is started, and only the tests that use a database are run, without
those marked `any_database`: what they are about lies above it.
SIKLUS_TEST_DB=none: Django is not started at all; for the pure rooms, in a second.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pgtemp

CHOICES = ("sqlite", "postgres", "none")
_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
_open_things = contextlib.ExitStack()


def chosen() -> str:
    """The database of this run; an unknown name ends the run at once."""
    name = os.environ.get("SIKLUS_TEST_DB", "sqlite")
    if name not in CHOICES:
        raise pytest.UsageError(f"SIKLUS_TEST_DB={name}: expected one of {', '.join(CHOICES)}")
    return name


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    name = chosen()
    # A folder of the run's own: nothing a test does can touch the database of the demo.
    folder = Path(_open_things.enter_context(tempfile.TemporaryDirectory(prefix="siklus-test-")))
    os.environ["SIKLUS_VAR"] = str(folder)
    # What one process makes of the rule book serves the others of the run: its workers, and commands they start.
    os.environ.setdefault("SIKLUS_MADE", str(folder / "made"))
    os.environ.pop("SIKLUS_DATABASE_URL", None)
    os.environ.pop("SIKLUS_TODAY", None)
    if name == "postgres":
        server = _open_things.enter_context(pgtemp.running_server())
        os.environ["SIKLUS_DATABASE_URL"] = server.url
    if name != "none":
        os.environ["DJANGO_SETTINGS_MODULE"] = "siklus.site.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop and the ORM share a thread
    return (yield)


def pytest_report_header() -> str:
    return f"database: {chosen()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if chosen() != "postgres":
        return
    kept = [item for item in items if _is_about_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_about_the_database(item)])
    items[:] = kept


def pytest_unconfigure() -> None:
    _open_things.close()


def _is_about_the_database(item: pytest.Item) -> bool:
    """It uses one, and is not marked as saying the same of any: those are asked on SQLite alone."""
    if item.get_closest_marker("any_database") is not None:
        return False
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(_DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
