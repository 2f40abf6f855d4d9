"""A DuckDB that keeps within the memory it is given, and Parquet out of it. Without Django: workers use it too."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

THREADS = max(2, os.cpu_count() or 2)
MEMORY = (
    640  # MB; with everything else a rebuild of a district stays under 1 GiB; what does not fit is spilled
)
ROW_GROUP = 65536


@contextmanager
def workspace(memory: int = MEMORY, threads: int = THREADS) -> Iterator[Any]:
    """An empty DuckDB that keeps within so many megabytes and spills the rest."""
    with tempfile.TemporaryDirectory(prefix="siklus-bulk-") as folder, duckdb.connect() as duck:
        for setting in (
            f"threads = {threads}",
            f"memory_limit = '{memory}MB'",
            f"temp_directory = '{folder}'",
            "preserve_insertion_order = false",
        ):
            duck.execute(f"SET {setting}")
        yield duck


def copy_to(duck: Any, query: str, path: Path) -> int:
    """Writes the rows of a query as a Parquet file; how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = duck.execute(
        f"COPY ({query}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    ((rows,),) = written.fetchall()
    return int(rows)


def parquet(*paths: Path) -> str:
    """FROM these files; the folders they lie in add no column."""
    return f"read_parquet([{', '.join(text(str(path)) for path in paths)}], hive_partitioning = false)"


def text(words: str) -> str:
    """A word as SQL has it."""
    return "'" + words.replace("'", "''") + "'"
