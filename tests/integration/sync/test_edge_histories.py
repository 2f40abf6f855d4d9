"""Whatever happens between phones, an edge and its district: at the end all three agree and nothing has vanished."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siklus.sync.replica import Replica
from tests.integration.area import POSYANDU
from tests.integration.sync.edge_histories import EdgeHistory
from tests.integration.sync.edges import MemoryEdge
from tests.integration.sync.servers import MemoryServer
from tests.integration.sync.sources import NORTH

HISTORIES = int(os.environ.get("SIKLUS_HISTORIES", "2000"))
_EDGE = 200
_ABOVE = {11: POSYANDU[0], 12: POSYANDU[2]}
_AT_EDGE = {_EDGE + 1: POSYANDU[0], _EDGE + 2: POSYANDU[1]}


def remembered(tape: bytes) -> EdgeHistory:
    district = MemoryServer({**_ABOVE, _EDGE: NORTH})
    edge = MemoryEdge(_AT_EDGE, desk_device=_EDGE, device=_EDGE)
    areas = {**_ABOVE, **_AT_EDGE}
    return EdgeHistory(district, {key: Replica(key) for key in areas}, areas, iter(tape), places=3, edge=edge)


@settings(
    max_examples=HISTORIES, deadline=None, database=None, derandomize=HISTORIES <= 2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.binary(min_size=60, max_size=200))
def test_no_history_with_an_edge_loses_doubles_or_leaks_a_record(tape: bytes) -> None:
    history = remembered(tape)
    history.run()
    history.settle()
    history.check()
