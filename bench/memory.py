"""The memory of a process and all its children, watched from outside: each shared page is counted once (PSS)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_SECONDS = 0.5


class Watch:
    """The largest sum seen, in MiB."""

    def __init__(self) -> None:
        self.peak_mib = 0.0
        self.done = threading.Event()

    def look(self, process: int) -> None:
        """Reads until it is told to stop."""
        while not self.done.wait(_EVERY_SECONDS):
            self.peak_mib = max(self.peak_mib, sum(map(_pss_mib, _family(process))))


@contextmanager
def watched(process: int) -> Iterator[Watch]:
    """Watches a process while the block runs."""
    watch = Watch()
    thread = threading.Thread(target=watch.look, args=(process,), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.done.set()
        thread.join()


def _family(process: int) -> Iterator[int]:
    yield process
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _pss_mib(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
