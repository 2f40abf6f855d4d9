"""A whole extract answered on this machine, shard after shard, within the memory it is given."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from siklus.bulk.answering import (
    Question,
    answer_queries,
    check_extract,
    lasting_answers,
    lasting_rows,
    make_ready,
    sums,
)
from siklus.bulk.folders import STANDING, Extract, Shard, Standing, lasting_file, partition, shards
from siklus.bulk.tables import COVERAGE, LASTING, UNITS
from siklus.bulk.workspace import THREADS, copy_to, workspace
from siklus.library.loading import Book

Progress = Callable[[str], None]
MEMORY = 512
"""Megabytes for the whole process, if not said."""
LEAST_MEMORY = 320
_PROCESS = 192  # MB of Python, the rule book and the libraries, beside what DuckDB counts as its own
_READER = 64  # MB of the reader of the database, of Arrow's batches and of Django, while an extract is made
_PERSONS_A_MB = 1000  # measured to need no spilling: docs/explanation/scale.md


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use: megabytes, threads, and (if not by the memory) how many persons at once."""

    memory: int = MEMORY
    threads: int = THREADS
    persons: int | None = None

    @property
    def for_duckdb(self) -> int:
        """Megabytes that DuckDB may count as its own."""
        return self.memory - _PROCESS

    @property
    def for_extracting(self) -> int:
        """Megabytes for DuckDB while the database is read beside it."""
        return self.for_duckdb - _READER

    @property
    def persons_at_once(self) -> int:
        """The most persons of a shard."""
        return self.persons or self.for_duckdb * _PERSONS_A_MB


def answer(
    book: Book, extract: Extract, asked: Question, out: Path, means: Means, progress: Progress
) -> dict[str, int]:
    """Writes the table of the question (and for a period its sums) into `out`; rows by table.

    What an earlier run wrote of these tables goes.
    """
    check_extract(extract, book)
    for table in _tables(asked):
        shutil.rmtree(out / table, ignore_errors=True)
    (out / STANDING).unlink(missing_ok=True)
    rows = 0
    for shard in shards(extract, means.persons_at_once):
        progress(f"Kabupaten {shard.kabupaten}, bagian {shard.number + 1} dari {shard.of} ...")
        rows += answer_shard(book, extract, asked, shard, out, means)
    written = {asked.table.name: rows}
    if asked.keep and asked.period is None:
        Standing(book.hash, extract.last_seq, asked.on, means.persons_at_once).write(out)
    if asked.period is not None:
        written[COVERAGE.name] = add_up(out, extract.kabupaten, means)
    return written


def answer_shard(book: Book, extract: Extract, asked: Question, shard: Shard, out: Path, means: Means) -> int:
    """The files of one shard; how many rows they have."""
    folder, rows = partition(out / asked.table.name, shard.kabupaten), 0
    with workspace(means.for_duckdb, means.threads) as duck:
        if not asked.keep or asked.period is not None:
            for name, query in answer_queries(duck, book, extract, shard, asked).items():
                rows += copy_to(duck, query, folder / f"{name}-{shard.name}.parquet")
            return rows
        make_ready(duck, book, extract, shard, asked)
        for name, query in lasting_answers(duck, book, asked):
            rows += copy_to(duck, query, folder / f"{name}-{shard.name}.parquet")
        copy_to(duck, lasting_rows(asked.on), lasting_file(out, shard, asked.on))
    return rows


def add_up(out: Path, kabupaten: Iterable[str], means: Means) -> int:
    """The table `coverage` from the table `units`."""
    rows = 0
    with workspace(means.for_duckdb, means.threads) as duck:
        for code in kabupaten:
            files = sorted(partition(out / UNITS.name, code).glob("*.parquet"))
            if files:
                rows += copy_to(duck, sums(files), partition(out / COVERAGE.name, code) / "sums.parquet")
    return rows


def _tables(asked: Question) -> tuple[str, ...]:
    return (asked.table.name, LASTING.name) if asked.period is None else (asked.table.name, COVERAGE.name)
