"""What every engine answers, in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

STATUSES = ("overdue", "due", "unknown", "refused", "missed", "not_yet", "not_applicable", "done")
"""The eight statuses, in the order in which a reader has to act on them."""


class NeedAnswer(NamedTuple):
    """One need of one unit on a day. Days are None where unknown or where there is no such limit.

    `occurrence` is 0 for a one-off, else the first day of the current occurrence (or the due day of a rolling need).
    `asks` names the facts whose absence makes the status unknown, e.g. `birth` or `kunjungan_neonatal.jam`.
    A not_applicable need has no days.
    """

    need: str
    unit: str
    unit_id: int
    occurrence: int | None
    status: str
    opens: int | None
    due: int | None
    overdue: int | None
    until: int | None
    asks: tuple[str, ...]


class IndicatorAnswer(NamedTuple):
    """One unit under one indicator: in the denominator or not, each component, anything done at all.

    None means that it is not clear.
    """

    indicator: str
    unit: str
    unit_id: int
    counted: bool | None
    components: Mapping[str, bool | None]
    reached: bool | None


class ClassAnswer(NamedTuple):
    """The class of the last record of a kind and what a kader is told to do."""

    classification: str
    unit_id: int
    value: str | None
    do: str | None
