"""Extracts of the seeded populations, kept beside them, and copies of one with as many times the people."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from bench.populations import HOME, Planted, kept_population, say, start_django
from siklus.bulk.answering import check_extract
from siklus.bulk.folders import Extract, Size, household_file, person_file, read_extract, records_file
from siklus.bulk.running import MEMORY, Means
from siklus.bulk.workspace import copy_to
from siklus.kernel.ids import KEY_BITS
from siklus.kernel.problems import ProblemError
from siklus.library.loading import load_book

_IDS = "id", "person", "household", "spokesman", "episode"
"""The columns that hold the id of somebody, of a family or of a record."""


def use_extract(scale: str) -> tuple[Planted, Extract]:
    """The extract of a population, made now when there is none that today's rule book can read."""
    planted = kept_population(scale)
    folder = HOME / scale / "extract"
    try:
        extract = read_extract(folder)
        check_extract(extract, load_book())
    except ProblemError:
        start_django(HOME / scale)
        from siklus.bulk.extracting import write_extract

        extract = write_extract(load_book(), folder, None, Means(MEMORY).for_extracting, say)
    return planted, extract


def multiplied(extract: Extract, times: int, folder: Path) -> Extract:
    """So many times the people in the same kabupaten; every id of a copy is moved beyond those of the others."""
    shutil.rmtree(folder, ignore_errors=True)
    duck = duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(folder / "spill")})
    for code in extract.kabupaten:
        _multiply(duck, extract.person(code), times, "bucket, id", person_file(folder, code))
        families = extract.household(code)
        if families is not None:
            _multiply(duck, families, times, "bucket, id", household_file(folder, code))
        for kind in extract.columns:
            path = extract.records(kind, code)
            if path is not None:
                order = 'bucket, person, "date", id'
                _multiply(duck, path, times, order, records_file(folder, kind, code))
    duck.close()
    sizes = {
        code: Size(size.persons * times, size.records * times) for code, size in extract.kabupaten.items()
    }
    Extract(folder, extract.last_seq, extract.on, sizes, extract.columns).write()
    return read_extract(folder)


def _multiply(duck: duckdb.DuckDBPyConnection, path: Path, times: int, order: str, to: Path) -> None:
    names = {name for name, *_ in duck.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    moved = ", ".join(f"{name} + (copy << {KEY_BITS}) AS {name}" for name in _IDS if name in names)
    copies = f"range({times}) AS copies(copy)"
    copy_to(duck, f"SELECT t.* REPLACE ({moved}) FROM '{path}' AS t, {copies} ORDER BY {order}", to)
