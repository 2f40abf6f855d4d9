"""`python -m bench.spark`: a district answered by DuckDB alone and inside Spark, and how many rows differ.

Run by `./run spark`, which installs the extra in an environment of its own. Last line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from bench.machine import machine
from bench.populations import HOME, ON, kept_population, say, start_django
from siklus.bulk.answering import Question
from siklus.bulk.folders import Extract, read_extract
from siklus.bulk.running import Means, answer
from siklus.bulk.spark import answer_in_spark
from siklus.bulk.tables import TABLES
from siklus.kernel import periods
from siklus.kernel.dates import year_of
from siklus.library.loading import load_book

MASTER = "local-cluster[2,1,1024]"
SHARDS = 4
MEMORY = 512
"""For each task: two run at once."""


def main() -> int:
    """0 when nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    parser.add_argument("--scale", default="district", choices=("posyandu", "puskesmas", "district"))
    parser.add_argument("--extract", type=Path, help="an extract that is there already")
    parser.add_argument("--master", default=MASTER)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="siklus-spark-") as name:
        folder = Path(name)
        extract = read_extract(args.extract) if args.extract else _extract_of(args.scale, folder / "extract")
        return _compare(extract, folder, args.master)


def _extract_of(scale: str, folder: Path) -> Extract:
    kept_population(scale)
    start_django(HOME / scale)
    from siklus.bulk.extracting import write_extract

    return write_extract(load_book(), folder, None, MEMORY, say)


def _compare(extract: Extract, folder: Path, master: str) -> int:
    book, persons = load_book(), sum(size.persons for size in extract.kabupaten.values())
    means = Means(MEMORY, persons=-(-persons // SHARDS))
    seconds = {"duckdb": 0.0, "spark": 0.0}
    questions = (Question(ON), Question(ON, periods.year(year_of(ON))))
    began = time.monotonic()
    for asked in questions:
        answer(book, extract, asked, folder / "duckdb", means, say)
    seconds["duckdb"] = time.monotonic() - began
    began = time.monotonic()
    answer_in_spark(master, book, extract, questions, folder / "spark", means, say)
    seconds["spark"] = time.monotonic() - began
    rows, differences = {}, {}
    for table in TABLES:
        sides = [
            f"SELECT kabupaten, {', '.join(table.names)} FROM read_parquet('{folder}/{engine}/{table.name}/**/*.parquet',"
            " hive_partitioning = true, hive_types_autocast = false)"
            for engine in seconds
        ]
        rows[table.name] = duckdb.sql(f"SELECT count(*) FROM ({sides[0]})").fetchall()[0][0]
        alone = [
            duckdb.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
            for one, other in (sides, sides[::-1])
        ]
        differences[table.name] = sum(alone)
        print(f"{table.name}: {rows[table.name]} rows, {differences[table.name]} differences")
    told = {
        "figure": "spark", "master": master, "persons": persons, "shards": SHARDS, "rows": rows,
        "differences": differences, "wall_seconds": {name: round(value, 1) for name, value in seconds.items()},
        "machine": machine(),
    }  # fmt: skip
    print(json.dumps(told))
    return 1 if any(differences.values()) or not all(rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
