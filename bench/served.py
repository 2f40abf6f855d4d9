"""The server as it is, for `bench faults`: its book is read before its workers are forked, and its disk can be full.

While the file named by BENCH_FULL exists, no SQLite database of these workers may grow by a page: SQLite then says
"database or disk is full" itself, in the middle of whatever it writes.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from django.core.signals import request_started
from django.db import connection
from django.test import Client

from bench.scratch import FULL
from siklus.library.forms import load_forms
from siklus.library.loading import load_book
from siklus.site.wsgi import application as application

_NO_LIMIT = 2**30


def _keep_to_the_disk(**_: Any) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        is_full = Path(os.environ[FULL]).exists()
        cursor.execute(f"PRAGMA max_page_count = {pages if is_full else _NO_LIMIT}")


def _warm() -> None:
    """A worker that is killed is followed by one that has read everything: the faults are to be met, not the start."""
    assert load_book().engine
    load_forms()
    caller = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    caller.get("/health")
    caller.post("/api/sync/push", headers={"Siklus-Protocol": "1"})
    connection.close()
    # What was read stays where it is: a worker that looked through it for rubbish would first copy all of it.
    gc.collect()
    gc.freeze()


_warm()
if FULL in os.environ:
    request_started.connect(_keep_to_the_disk, weak=False)
