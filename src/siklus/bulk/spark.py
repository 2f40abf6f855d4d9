"""The same shards answered on a Spark cluster: every task runs DuckDB inside `mapInArrow` over its own shard.

Spark hands out shards and writes what comes back; the rules are the SQL of `answering`, so there is no second meaning.
Optional: `siklus[spark]`. The extract must lie where every worker can read it, under the same path.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from siklus.bulk.answering import Question, answer_queries, check_extract
from siklus.bulk.folders import Extract, Shard, read_extract, shards
from siklus.bulk.running import Means, add_up
from siklus.bulk.tables import COVERAGE, UNITS, Table
from siklus.bulk.workspace import workspace
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book, load_book

_TYPES = {
    "VARCHAR": "string",
    "VARCHAR[]": "array<string>",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
}
_KABUPATEN = "kabupaten"
_BATCH = 65536
_ONE_THREAD = 1
_HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Task:
    """What every worker must know; the rule book it finds itself, and says so when it is another one."""

    folder: Path
    book: str
    asked: Question
    memory: int


def answer_in_spark(
    master: str,
    book: Book,
    extract: Extract,
    questions: Sequence[Question],
    out: Path,
    means: Means,
    progress: Callable[[str], None],
) -> dict[str, int]:
    """As `running.answer` for some questions; `means` holds for each task. ProblemError when Spark is not installed."""
    _need_spark()
    check_extract(extract, book)
    work = list(shards(extract, means.persons_at_once))
    progress(f"Memulai Spark di {master} untuk {len(work)} bagian ...")
    spark = _session(master)
    written = {}
    try:
        handed = spark.sparkContext.parallelize([astuple(shard) for shard in work], len(work))
        rows = handed.toDF("kabupaten string, number int, of int")
        for asked in questions:
            task = Task(extract.folder.resolve(), book.hash, asked, means.for_duckdb)
            table = str(out.resolve() / asked.table.name)
            progress(f"Menjawab {asked.table.name} ...")
            answers = rows.mapInArrow(partial(answer_items, task), _schema(asked.table))
            answers.write.mode("overwrite").partitionBy(_KABUPATEN).parquet(table)
            written[asked.table.name] = spark.read.parquet(table).count()
    finally:
        spark.stop()
    if UNITS.name in written:
        written[COVERAGE.name] = add_up(out, extract.kabupaten, means)
    return written


def answer_items(task: Task, items: Iterable[Any]) -> Iterator[Any]:
    """In a worker: the answers to the shards of each Arrow batch of items, as Arrow batches."""
    book, extract = load_book(), read_extract(task.folder)
    if book.hash != task.book:
        raise ProblemError(
            [Problem("B13", "", f"buku aturan di pekerja ini {book.hash}", f"yang diminta {task.book}")]
        )
    for item in items:
        for row in item.to_pylist():
            yield from _answer_shard(book, extract, task, Shard(**row))


def _answer_shard(book: Book, extract: Extract, task: Task, shard: Shard) -> Iterator[Any]:
    with workspace(task.memory, _ONE_THREAD) as duck:
        for query in answer_queries(duck, book, extract, shard, task.asked).values():
            placed = f"SELECT '{shard.kabupaten}' AS {_KABUPATEN}, * FROM ({query})"
            yield from duck.execute(placed).to_arrow_reader(_BATCH)


def _schema(table: Table) -> str:
    columns: Mapping[str, str] = {column.name: _TYPES[column.kind] for column in table.columns}
    return ", ".join(f"{name} {kind}" for name, kind in {_KABUPATEN: "string", **columns}.items())


def _need_spark() -> None:
    if find_spec("pyspark") is None:
        raise ProblemError(
            [
                Problem(
                    "B12",
                    "",
                    "Spark belum terpasang di sini.",
                    todo="Pasang siklus[spark] (requirements/spark.txt; perlu Java 17), atau pakai --engine duckdb.",
                )
            ]
        )


def _session(master: str) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("siklus")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    source = str(Path(__file__).resolve().parents[2])
    settings = {
        "spark.executorEnv.PYTHONPATH": source,
        "spark.ui.enabled": "false",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    }
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", _HERE)
        settings |= {"spark.driver.bindAddress": _HERE, "spark.driver.host": _HERE}
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
