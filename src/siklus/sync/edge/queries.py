"""Questions about an edge: how it stands with its district, what was given back; and, at the district, its devices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siklus.access.may import may_read_record
from siklus.access.scope import Visitor
from siklus.care import mirroring
from siklus.library.loading import load_book
from siklus.sync import gaps
from siklus.sync.edge.district import counted
from siklus.sync.edge.gate import Coming
from siklus.sync.edge.merging import OPEN, WAITING
from siklus.sync.models import GivenBack, Link, Phone, SentUp, SubDevice
from siklus.sync.wire import part_of

_RUNS, _LISTED = 20, 200


@dataclass(frozen=True, slots=True)
class Status:
    """How this edge stands: records that wait to be sent, records that the district refused and nobody settled.

    `coming`: the whole area is being taken in.
    """

    url: str
    scope_code: str
    last_contact: datetime | None
    last_round: datetime | None
    waiting: int
    refused: int
    fault: str
    coming: Coming | None = None


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device that writes at an edge, as the district knows it; `missing` in words for reading."""

    name: str
    last: int
    missing: str
    pending: int | None


def status() -> Status | None:
    """None where this is no edge."""
    link = Link.objects.first()
    if link is None:
        return None
    own = range(link.device_id, link.last_device + 1)
    waiting = (
        mirroring.count_written_after(link.pushed, own) - SentUp.objects.filter(seq__isnull=True).count()
    )
    return Status(
        url=link.url, scope_code=link.scope_code, last_contact=link.last_contact, last_round=link.last_round,
        waiting=max(0, waiting) + GivenBack.objects.filter(state=WAITING).count(),
        refused=GivenBack.objects.filter(state=OPEN).count(), fault=link.last_fault,
        coming=Coming(link.area_done, link.area_all) if link.area_tag else None,
    )  # fmt: skip


def given_back(user: Visitor) -> Sequence[GivenBack]:
    """What the district refused, newest first, as far as this user reads such records."""
    rows = GivenBack.objects.exclude(state=WAITING).order_by("-at", "-key")[:_LISTED]
    return [row for row in rows if _may_know(user, row)]


def body_of(row: GivenBack) -> Mapping[str, Any]:
    """What was written."""
    found: dict[str, Any] = json.loads(row.body)
    return found


def why(row: GivenBack) -> str:
    """The reasons the district gave."""
    return "; ".join(str(problem["found"]) for problem in json.loads(row.problems))


def devices_of(edge: Phone) -> list[DeviceLine]:
    """The devices of an edge; none of a phone."""
    rows = SubDevice.objects.filter(edge=edge).order_by("device_id")
    return [
        DeviceLine(
            name=f"{row.name} ({row.device_id})",
            last=row.last_number,
            pending=row.pending,
            missing=_runs(gaps.missing(counted(row), _RUNS)),
        )
        for row in rows
    ]


def _runs(missing: Sequence[gaps.Run]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in missing)


def _may_know(user: Visitor, row: GivenBack) -> bool:
    """Refused or not, a secret is one."""
    if row.kind not in load_book().vocabulary.kinds:
        return True
    values = part_of(body_of(row), "data").items()
    return may_read_record(
        user,
        row.kind,
        {name: value if isinstance(value, str | int | float) else None for name, value in values},
    )
