"""The desk's words need Django's translations, so these tests are not among those that run without Django."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.database import chosen

collect_ignore_glob = ["test_*.py"] if chosen() == "none" else []


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    """Indonesian unless a test says otherwise."""
    from django.utils import translation

    with translation.override("id"):
        yield
