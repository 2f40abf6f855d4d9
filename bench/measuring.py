"""Timing side by side: tasks take turns, each turn is read in CPU seconds of the process and in wall seconds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

PAIRS = 5
"""The least number of rounds from which a median is taken."""
_EMPTY_TURNS = 200_000


@dataclass(slots=True)
class Series:
    """The rounds of one task, in seconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def spread(self, scale: float = 1.0, digits: int = 3) -> dict[str, float | int]:
        """Median and range of the CPU seconds, median of the wall seconds, scaled (1e6 / persons gives us a person)."""
        return {
            "cpu_median": round(median(self.cpu) * scale, digits),
            "cpu_low": round(min(self.cpu) * scale, digits),
            "cpu_high": round(max(self.cpu) * scale, digits),
            "wall_median": round(median(self.wall) * scale, digits),
            "rounds": len(self.cpu),
        }


@contextmanager
def timed(series: Series) -> Any:
    """One round more."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    series.cpu.append(time.process_time() - cpu)
    series.wall.append(time.perf_counter() - wall)


def side_by_side(
    tasks: Mapping[str, Callable[[], object]], rounds: int = PAIRS, warm: int = 1
) -> dict[str, Series]:
    """Each task once a round; every other round backwards, so that none always follows the same one."""
    for _ in range(warm):
        for task in tasks.values():
            task()
    gc.collect()
    gc.freeze()
    found = {name: Series() for name in tasks}
    for number in range(rounds):
        for name in tasks if number % 2 == 0 else reversed(list(tasks)):
            with timed(found[name]):
                tasks[name]()
    gc.unfreeze()
    return found


def ratio(over: Series, under: Series) -> dict[str, float | int]:
    """CPU of one task for each second of the other, round by round."""
    each = [a / b for a, b in zip(over.cpu, under.cpu, strict=True)]
    return {
        "median": round(median(each), 2),
        "low": round(min(each), 2),
        "high": round(max(each), 2),
        "rounds": len(each),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not pass; the nearest one, none is made up."""
    listed = sorted(values)
    return listed[min(len(listed) - 1, round(share * (len(listed) - 1)))]


def nanoseconds_of_an_empty_turn() -> float:
    """How much CPU time one turn of an empty Python loop takes now: about 19 on a quiet core of 2.5 GHz."""

    def loop() -> float:
        began = time.process_time()
        for _ in range(_EMPTY_TURNS):
            pass
        return (time.process_time() - began) / _EMPTY_TURNS * 1e9

    return round(median(loop() for _ in range(PAIRS)), 1)
