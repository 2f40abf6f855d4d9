"""Whatever is lost, repeated, reordered, moved or corrected: at the end all agree and nothing has vanished.

2,000 histories on a server in memory that takes pushes and makes pages by the real code and judges by the real door;
SIKLUS_HISTORIES asks for more (`make chaos`: 50,000). The real database goes through some of the same.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from siklus.access.queries import User
from siklus.kernel.dates import iso
from siklus.sync.replica import Replica
from tests.integration.area import POSYANDU, TODAY
from tests.integration.sync.database_server import DatabaseServer
from tests.integration.sync.histories import History
from tests.integration.sync.restored_histories import RestoredHistory
from tests.integration.sync.servers import MemoryServer
from tests.integration.sync.wires import enrolled

HISTORIES = int(os.environ.get("SIKLUS_HISTORIES", "2000"))
LONGEST = 220
_AREAS = {11: POSYANDU[0], 12: POSYANDU[0], 13: POSYANDU[1]}


def remembered(tape: bytes) -> History:
    server = MemoryServer(_AREAS)
    return History(server, {key: Replica(key) for key in _AREAS}, dict(_AREAS), iter(tape))


@example_settings(
    max_examples=HISTORIES, deadline=None, database=None, derandomize=HISTORIES <= 2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.binary(min_size=40, max_size=150))
def test_no_history_loses_doubles_or_leaks_a_record(tape: bytes) -> None:
    history = remembered(tape)
    history.run()
    history.settle()
    history.check()


@example_settings(
    max_examples=HISTORIES // 8, deadline=None, database=None, derandomize=HISTORIES <= 2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.binary(min_size=60, max_size=150))
def test_what_phones_hold_comes_again_to_a_server_that_was_restored(tape: bytes) -> None:
    server = MemoryServer(_AREAS)
    history = RestoredHistory(server, {key: Replica(key) for key in _AREAS}, dict(_AREAS), iter(tape))
    history.run()
    history.settle()
    history.check()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_database_keeps_the_same_promises(users: dict[str, User], seed: int, settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(TODAY)
    areas = {
        enrolled(
            users["utara"], place, [users["kader1"] if place == POSYANDU[0] else _kader2()]
        ).device: place
        for place in (POSYANDU[0], POSYANDU[0], POSYANDU[1])
    }
    history = History(
        DatabaseServer(areas, users["utara"]), {key: Replica(key) for key in areas}, areas,
        iter(random.Random(seed).randbytes(LONGEST)),
    )  # fmt: skip
    history.run()
    history.settle()
    history.check()


def _kader2() -> User:
    found = User.objects.filter(username="kader2").first()
    if found is not None:
        return found
    return User.objects.create(username="kader2", role="kader", scope_kind="posyandu", scope_code=POSYANDU[1])
