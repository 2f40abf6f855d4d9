"""A village, a server and a way in, for every journey through the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from siklus.kernel.dates import iso
from tests import village as places
from tests.village import Village

Enter = Callable[[str], None]


@pytest.fixture
def village(transactional_db: None, settings: Any) -> Village:
    """The planted village, on its day."""
    settings.SIKLUS_TODAY = iso(places.TODAY)
    return places.plant()


@pytest.fixture
def enter(village: Village, live_server: Any, page: Any) -> Enter:
    """Log in through the login page, as people do."""

    def by_name(username: str) -> None:
        page.goto(f"{live_server.url}/masuk/")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi").fill(places.PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(f"{live_server.url}/")

    return by_name
