"""Extracts of the seeded populations, kept beside them, and copies of one with as many times the people."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from bench.populations import HOME, Planted, kept_population, say, start_django
from siklus.bulk.answering import check_extract
from siklus.bulk.folders import Extract, Size, person_file, read_extract, records_file
from siklus.bulk.running import MEMORY, Means
from siklus.bulk.workspace import copy_to
from siklus.kernel.ids import KEY_BITS
from siklus.kernel.problems import ProblemError
from siklus.library.loading import load_book

_COPIES = "range({times}) AS copies(copy)"


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
    copies = _COPIES.format(times=times)
    for code in extract.kabupaten:
        moved = f"id + (copy << {KEY_BITS}) AS id"
        people = (
            f"SELECT t.* REPLACE ({moved}) FROM '{extract.person(code)}' AS t, {copies} ORDER BY bucket, id"
        )
        copy_to(duck, people, person_file(folder, code))
        for kind in extract.columns:
            path = extract.records(kind, code)
            if path is not None:
                both = f"{moved}, person + (copy << {KEY_BITS}) AS person"
                rows = f"SELECT t.* REPLACE ({both}) FROM '{path}' AS t, {copies}"
                copy_to(duck, f'{rows} ORDER BY bucket, person, "date", id', records_file(folder, kind, code))
    duck.close()
    sizes = {
        code: Size(size.persons * times, size.records * times) for code, size in extract.kabupaten.items()
    }
    Extract(folder, extract.last_seq, extract.on, sizes, extract.columns).write()
    return read_extract(folder)
