"""One neighbourhood from its story to the rows of the database; many of them, in one or several processes.

Stories need no database: other processes tell them ahead while this one writes. The order is always that of the map.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from seed.account import KnownAnswers
from seed.assumptions import read_assumptions
from seed.geography import Neighbourhood
from seed.notebook import Entry
from seed.village import tell_neighbourhood
from siklus.records.drafts import StoredRecord
from siklus.records.persons import REGISTER_KINDS
from siklus.register.bulk_load import RegisterRows, project_rows
from siklus.register.identity import sealed_data
from siklus.register.placing import Placing

_AHEAD = 4
"""How many told neighbourhoods may wait to be written: each is some megabytes."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is to be grown: the neighbourhoods, the random seed, the last day, and who belongs to which puskesmas."""

    spots: Sequence[Neighbourhood]
    seed: int
    on: int
    placing: Placing


@dataclass(slots=True)
class Grown:
    """One neighbourhood, ready to be written."""

    spot: Neighbourhood
    device: int
    records: list[tuple[Any, ...]]
    register: RegisterRows
    answers: KnownAnswers


def grow(plot: Plot, index: int) -> Grown:
    """Tells the story of one neighbourhood and makes its rows."""
    spot = plot.spots[index]
    others = [other for other in plot.spots if other is not spot]
    scene = tell_neighbourhood(spot, others, plot.seed, plot.on, read_assumptions())
    records = list(scene.notebook.finish(sealed_data))
    answers = KnownAnswers(scale="", seed=plot.seed, on=plot.on, year=scene.year)
    answers.people, answers.records = spot.people, len(records)
    answers.add(scene.account, scene.notebook.key)
    told = [_stored(Entry._make(row)) for row in records if row[1] in REGISTER_KINDS]
    return Grown(spot, scene.notebook.device, records, project_rows(told, plot.placing), answers)


def grow_all(plot: Plot, processes: int) -> Iterator[Grown]:
    """All neighbourhoods in the order of the map, told ahead by other processes when there are to be any."""
    if processes < 1 or len(plot.spots) == 1:
        yield from (grow(plot, index) for index in range(len(plot.spots)))
        return
    # Forked, so that a worker has everything loaded; it touches no database.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_remember, initargs=(plot,)) as pool:
        waiting: deque[Future[Grown]] = deque()
        for index in range(len(plot.spots)):
            waiting.append(pool.submit(_grow_remembered, index))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _stored(entry: Entry) -> StoredRecord:
    return StoredRecord(
        id=entry.id,
        seq=entry.id,
        kind=entry.kind,
        person=entry.person,
        household=entry.household,
        on=entry.on,
        root=entry.root,
        is_void=entry.is_void,
        data=json.loads(entry.data),
    )


_plot: Plot | None = None


def _remember(plot: Plot) -> None:
    global _plot
    _plot = plot


def _grow_remembered(index: int) -> Grown:
    assert _plot is not None
    return grow(_plot, index)
