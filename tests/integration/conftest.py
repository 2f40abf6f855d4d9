"""The small area, for every test that wants people to live somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.kernel.dates import iso
from tests import village as places
from tests.integration import area as small_area
from tests.small_knowledge import write_small_knowledge
from tests.village import Village

Login = Callable[[str], Client]


@pytest.fixture(scope="session")
def small_knowledge(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a rule book with a quarter of the rules."""
    folder = tmp_path_factory.mktemp("small") / "knowledge"
    write_small_knowledge(project / "knowledge", folder)
    return folder


@pytest.fixture
def small_rules(small_knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test works by that book."""
    monkeypatch.setenv("SIKLUS_KNOWLEDGE", str(small_knowledge))


@pytest.fixture
def area(db: Any) -> None:
    """Places and facilities; see tests/integration/area.py."""
    small_area.lay_area()


@pytest.fixture
def users(area: None) -> dict[str, User]:
    """One user for each role and area."""
    return small_area.users()


@pytest.fixture
def village(planted: Village, db: None, settings: Any) -> Village:
    """The village as the module's own `planted` has it, on its day."""
    settings.SIKLUS_TODAY = iso(places.TODAY)
    return planted


@pytest.fixture
def as_user(village: Village) -> Login:
    """Logs a user of the village in, by name."""

    def login(username: str) -> Client:
        client = Client()
        client.force_login(places.User.objects.get(username=username))
        return client

    return login
