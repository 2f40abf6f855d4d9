"""What a database held at one moment: how many rows of each table and a hash over them, and how far the log goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LOG = "care_record"


@dataclass(frozen=True)
class Table:
    """A table's rows, in the order of its key."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Contents:
    """All tables of one snapshot. The log is whole when its last sequence number is the number of its records."""

    tables: Mapping[str, Table]
    last_seq: int

    @property
    def records(self) -> int:
        """How many records the log holds."""
        return self.tables[LOG].rows if LOG in self.tables else 0

    @property
    def has_holes(self) -> bool:
        """True when a sequence number is missing."""
        return self.records != self.last_seq

    def as_json(self) -> dict[str, Any]:
        """For the sealed file."""
        return {
            "tables": {name: asdict(table) for name, table in self.tables.items()},
            "last_seq": self.last_seq,
        }


def contents_from(said: Mapping[str, Any]) -> Contents:
    """What `as_json` wrote."""
    tables = {name: Table(**table) for name, table in said["tables"].items()}
    return Contents(tables, said["last_seq"])


def differences(one: Contents, other: Contents) -> list[str]:
    """The tables in which two snapshots differ, in words that hold no row."""
    found = []
    for name in sorted(one.tables.keys() | other.tables.keys()):
        a, b = one.tables.get(name), other.tables.get(name)
        if a is None or b is None:
            found.append(f"{name}: hanya ada di salah satu")
        elif a.rows != b.rows:
            found.append(f"{name}: {a.rows} baris, yang lain {b.rows}")
        elif a.hash != b.hash:
            found.append(f"{name}: {a.rows} baris, isinya berbeda")
    if one.last_seq != other.last_seq:
        found.append(f"urutan terakhir {one.last_seq}, yang lain {other.last_seq}")
    return found
