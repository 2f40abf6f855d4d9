"""An installation with places and users and nobody registered."""

from __future__ import annotations

import pytest

from tests.integration.exchange import world


@pytest.fixture
def planted(db: None) -> None:
    """The villages of the sample files."""
    world.plant()
