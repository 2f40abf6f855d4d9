"""One round at a time: the timer and a person at the console do not go through the same log at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from siklus.kernel.problems import Problem, ProblemError


@contextmanager
def locked() -> Iterator[None]:
    """ProblemError while another process is in a round."""
    path = folder() / "round.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ProblemError([Problem("N03", "simpul", "pertukaran lain sedang berjalan")]) from None
        yield


def folder() -> Path:
    """Where an edge keeps what it is loading."""
    path = Path(settings.VAR) / "edge"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
