"""Siklus behind gunicorn, whose worker dies by kill -9 in the middle of one save when a file tells it to."""

from __future__ import annotations

import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

from siklus.site.wsgi import application as application

_writing = import_module(
    "siklus.care.writing"
)  # not above: Django is ready only when the application is there
_insert = _writing.insert


def _insert_and_die(*args: Any, **words: Any) -> Any:
    first = _insert(*args, **words)
    order = Path(os.environ["SIKLUS_TEST_DIE"])
    if order.exists():
        order.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return first


setattr(_writing, "insert", _insert_and_die)  # noqa: B010  a module's function, replaced on purpose
