"""Counts for /metrics: requests by route, faults told to people. No name, no number of a person, no address.

Several server processes count each for itself in files of `SIKLUS_VAR/metrics` (PROMETHEUS_MULTIPROC_DIR, set by
`siklus serve`); whichever is asked adds them up.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_OWN = CollectorRegistry()
_REQUESTS = Counter(
    "siklus_requests", "Permintaan yang dijawab", ("method", "route", "status"), registry=_OWN
)
_SECONDS = Histogram(
    "siklus_request_seconds", "Lama menjawab", ("route",), registry=_OWN,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
_FAULTS = Counter("siklus_faults", "Gangguan yang dikatakan kepada pengguna", ("kind",), registry=_OWN)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """One answered request."""
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def count_fault(kind: str) -> None:
    """One fault told to somebody."""
    _FAULTS.labels(kind).inc()


def as_text(now: dict[str, float]) -> bytes:
    """Prometheus text: what was counted, and what holds at this moment by its name."""
    counted = _OWN
    if os.environ.get(FOLDER_VARIABLE):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    moment = CollectorRegistry()
    for name, value in now.items():
        Gauge(name, name, registry=moment).set(value)
    return generate_latest(counted) + generate_latest(moment)


def fresh_folder(var: Path) -> dict[str, str]:
    """An empty folder for the counts of a server that starts, as its environment."""
    folder = var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {FOLDER_VARIABLE: str(folder)}
