"""The small area, for every test that wants people to live somewhere."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import User
from tests.integration import area as small_area


@pytest.fixture
def area(db: Any) -> None:
    """Places and facilities; see tests/integration/area.py."""
    small_area.lay_area()


@pytest.fixture
def users(area: None) -> dict[str, User]:
    """One user for each role and area."""
    return small_area.users()
