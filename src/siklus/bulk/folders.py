"""The folder of an extract: where the tables of a kabupaten lie, what `extract.json` says, how it is cut in shards.

Nothing here needs a database or Django: workers of a cluster read these folders too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from siklus.bulk.tables import BUCKETS, LASTING
from siklus.kernel.dates import iso
from siklus.kernel.problems import Problem, ProblemError

MANIFEST, STANDING = "extract.json", "answers.json"
FORMAT, STANDING_FORMAT = 2, 3
NOWHERE = "00.00"
"""The kabupaten of those whose village is not known."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much one kabupaten holds."""

    persons: int
    records: int


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extract says of itself; `columns` has {kind: {field: DuckDB type}}."""

    folder: Path
    last_seq: int
    on: int | None
    kabupaten: Mapping[str, Size]
    columns: Mapping[str, Mapping[str, str]]

    def write(self) -> None:
        """Says what is in the folder."""
        told = {
            "format": FORMAT,
            "last_seq": self.last_seq,
            "on": self.on,
            "kabupaten": {code: asdict(size) for code, size in self.kabupaten.items()},
            "columns": {kind: dict(columns) for kind, columns in self.columns.items()},
        }
        (self.folder / MANIFEST).write_text(json.dumps(told, indent=1) + "\n")

    def person(self, kabupaten: str) -> Path:
        """The file of its persons."""
        return person_file(self.folder, kabupaten)

    def household(self, kabupaten: str) -> Path | None:
        """The file of its families; None when no rule is about families."""
        path = household_file(self.folder, kabupaten)
        return path if path.is_file() else None

    def records(self, kind: str, kabupaten: str) -> Path | None:
        """The file of its records of a kind; None when nobody has such a record."""
        path = records_file(self.folder, kind, kabupaten)
        return path if path.is_file() else None


def person_file(folder: Path, kabupaten: str) -> Path:
    return _file(folder / "person", kabupaten)


def household_file(folder: Path, kabupaten: str) -> Path:
    return _file(folder / "household", kabupaten)


def records_file(folder: Path, kind: str, kabupaten: str) -> Path:
    return _file(folder / "records" / kind, kabupaten)


def partition(folder: Path, kabupaten: str) -> Path:
    """The folder of one kabupaten in a table."""
    return folder / f"kabupaten={kabupaten}"


def _file(table: Path, kabupaten: str) -> Path:
    return partition(table, kabupaten) / "part-0.parquet"


def read_extract(folder: Path) -> Extract:
    """What lies in the folder; ProblemError when it is no extract, or one of another format."""
    try:
        told = json.loads((folder / MANIFEST).read_text())
        if told["format"] != FORMAT:
            raise ValueError
        sizes = {code: Size(**size) for code, size in told["kabupaten"].items()}
        return Extract(folder, told["last_seq"], told["on"], sizes, told["columns"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ProblemError([no_extract(folder)]) from None


def no_extract(folder: Path) -> Problem:
    """The folder is not what was hoped for."""
    return Problem(
        "B10",
        str(folder),
        "bukan folder hasil ekstrak yang dapat dibaca",
        todo="Jalankan: siklus bulk extract --out FOLDER",
    )


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of the persons of a kabupaten, chosen by their bucket."""

    kabupaten: str
    number: int
    of: int

    @property
    def buckets(self) -> tuple[int, int]:
        """First and last bucket."""
        return self.number * BUCKETS // self.of, (self.number + 1) * BUCKETS // self.of - 1

    @property
    def name(self) -> str:
        """Part of the names of its files."""
        return f"{self.number:04}-of-{self.of:04}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of what the needs in a folder of answers are made, and for which day they hold."""

    book: str
    last_seq: int
    on: int
    persons_at_once: int

    def write(self, folder: Path) -> None:
        """Says so beside the tables, all at once."""
        fresh = folder / f".{STANDING}.baru"
        fresh.write_text(json.dumps({"format": STANDING_FORMAT, **asdict(self)}) + "\n")
        fresh.rename(folder / STANDING)


def read_standing(folder: Path) -> Standing | None:
    """What the answers in a folder stand on; None when that is not known."""
    try:
        told = json.loads((folder / STANDING).read_text())
        return Standing(**told) if told.pop("format") == STANDING_FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lasting_file(out: Path, shard: Shard, on: int) -> Path:
    """Until when the answers of a shard last, as worked out for a day."""
    return partition(out / LASTING.name, shard.kabupaten) / f"{iso(on)}-{shard.name}.parquet"


def shards(extract: Extract, persons_at_once: int) -> Iterator[Shard]:
    """Each kabupaten in as few shards of like size as hold no more than so many persons."""
    for code, size in extract.kabupaten.items():
        of = min(BUCKETS, max(1, -(-size.persons // persons_at_once)))
        yield from (Shard(code, number, of) for number in range(of))
