"""The small area, for every test that wants people to live somewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.kernel.dates import iso
from tests import village as places
from tests.integration import area as small_area
from tests.village import Village

Login = Callable[[str], Client]


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
