"""What every test may lean on: a cheap Django, a database file that other engines can read, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.database import chosen

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the tree."""
    return PROJECT


if chosen() != "none":

    @pytest.fixture(scope="session")
    def django_db_modify_db_settings() -> None:
        """SQLite's usual test database lives in memory, where Arrow and DuckDB cannot read it: a file instead."""
        from django.conf import settings

        settings.SIKLUS_AUDIT_GUARDED = (
            False  # tables are emptied between tests; a test of its own puts the guard up
        )
        database: dict[str, Any] = settings.DATABASES["default"]
        if "sqlite" in database["ENGINE"]:
            database.setdefault("TEST", {})["NAME"] = str(Path(os.environ["SIKLUS_VAR"]) / "test.sqlite3")
            database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # no test pulls the plug

    @pytest.fixture(scope="session", autouse=True)
    def cheap_django() -> None:
        """Passwords by a fast hash: tests log in often."""
        from django.conf import settings

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; $CHROMIUM says which. `./run test` installs one where it may."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.fail("No chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM to one.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh Indonesian window; an error of the page itself (console, failed script) fails the test at its end."""
    context = browser.new_context(
        locale="id-ID", timezone_id="Asia/Jakarta", viewport={"width": 1280, "height": 900}
    )
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield window
    context.close()
    assert errors == []
