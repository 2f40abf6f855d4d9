"""One value of a record or of a person: written by people, or worked out from what they wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RECORD = "record"
"""The type of a value that names another record of the person: its key, `device-number` as on the wire."""
IDENTIFIERS = ("nik", "kk")
"""Numbers that name a person or a family beyond this programme."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record or of a person. `possible` refuses at the door, `plausible` asks again.

    Of a day, the second of `possible` is the most years it may lie before the day of the record, by the calendar.
    `not_before` and `not_after` name other days of the same record (`date` is its own) that a day must keep to.
    `identifier` is the sort of number by which the state knows somebody (IDENTIFIERS): it is kept sealed.
    """

    name: str
    type: str
    nullable: bool
    label: str = ""
    unit: str = ""
    possible: tuple[float, float] | None = None
    plausible: tuple[float, float] | None = None
    ask: str = ""
    not_before: str = ""
    not_after: str = ""
    identifier: str = ""

    @property
    def places(self) -> int:
        """Decimal places kept by a measurement, 0 for every other type."""
        return int(self.type[4:]) if self.type.startswith("dec:") else 0

    @property
    def codes(self) -> str | None:
        """Name of the code list, if the value is a code."""
        return self.type[5:] if self.type.startswith("code:") else None


@dataclass(frozen=True, slots=True)
class Derived:
    """A value worked out once for each record: `function` of `args`, kept as whole hundredths."""

    field: Field
    function: str
    args: tuple[str, ...]

    @property
    def name(self) -> str:
        """What rules call it."""
        return self.field.name


def identifiers_of(records: Iterable[Mapping[str, Field]]) -> dict[str, str]:
    """Names of the values, in the fields of any record, that hold a number naming somebody; with the sort of number."""
    return {each.name: each.identifier for fields in records for each in fields.values() if each.identifier}
