"""A whole area comes to an edge: a sealed file is taken in step by step, and a step that was cut is all that is lost.

Each step is one transaction, so other writers wait for one step at most, and memory holds one step and the ids of the
file. How far it is stands in `Link`; the same file goes on there, another one begins anew over what is held already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from siklus.access import actions as access
from siklus.access import clock
from siklus.care import queries as log
from siklus.care.queries import Handed
from siklus.kernel.ids import device_of, number_of, parse_record_id
from siklus.kernel.sealing import SealError
from siklus.sync import settling
from siklus.sync.actions import judge_waiting
from siklus.sync.edge import gate, merging
from siklus.sync.edge.calling import District
from siklus.sync.edge.downloads import AreaFile
from siklus.sync.edge.log import DatabaseEdgeLog
from siklus.sync.models import Link

STEP = 2000
FEW = 2000
"""Persons up to which the keeper, who computes each alone, is quicker than making everybody at once."""
Figures = Callable[[], bool]
Item = Mapping[str, Any]


def waits() -> bool:
    """True when a file has come and is not taken in whole."""
    return AreaFile().is_whole


def load(district: District, path: str, figures: Figures | None = None) -> int:
    """The file from where it broke, then all steps that are left; how many records it held.

    `figures` makes needs and coverage of everybody, when this was the first area here; False when that failed.
    """
    file = AreaFile()
    if not file.is_whole:
        district.load(path, file)
        file.finish()
    try:
        return _take_in(file, figures)
    except SealError:  # the keys were changed meanwhile: it is asked for once more
        file.remove()
        return 0


def _take_in(file: AreaFile, figures: Figures | None) -> int:
    link = Link.objects.get()
    lines = file.lines()
    head: dict[str, Any] = json.loads(next(lines))
    if link.area_tag != file.tag:
        Link.objects.update(area_tag=file.tag, area_done=0, area_all=head["records"])
        link.refresh_from_db()
    if log.last_seq() == 0:
        gate.close(0, head["records"])
    whole: set[int] = set()
    here: set[merging.Unit] = set()
    done = 0
    for some in _steps(lines):
        told = [merging.handed_of(item) for item in some]
        whole.update(handed.row.id for handed in told)
        here.update(unit for handed in told if (unit := merging.unit_of(handed)) is not None)
        done += len(told)
        if done > link.area_done:
            _step(told, some, done)
            if gate.coming() is not None:
                gate.close(done, head["records"])
    _end(head, whole, here)
    is_first = gate.coming() is not None
    if is_first and figures is not None and settling.waiting_count() > FEW and figures():
        settling.forget_waiting()
    gate.lift()
    file.remove()
    return done


@transaction.atomic
def _step(told: Sequence[Handed], items: Sequence[Item], done: int) -> None:
    edge = DatabaseEdgeLog(Link.objects.select_for_update().get())
    merging.keep(edge, told)
    raise_numbers(edge, items)
    edge.come([handed.row.id for handed in told], 0)
    Link.objects.update(area_done=done)


@transaction.atomic
def _end(head: Item, whole: set[int], here: set[merging.Unit]) -> None:
    """What is held here and not in the file goes; from now on the tail brings what is new."""
    link = Link.objects.select_for_update().get()
    edge = DatabaseEdgeLog(link)
    _, unsent = edge.batch(1)
    merging.only(edge, edge.outside(whole), whole, here, link.seen)
    edge.come((), head["upto"])
    edge.stand_at(head["cursor"], head["upto"], is_idle=not unsent)
    Link.objects.update(area_tag="", area_done=0, area_all=0)
    judge_waiting(clock.today())


def raise_numbers(edge: DatabaseEdgeLog, records: Iterable[Item]) -> None:
    """An edge that was restored from a copy gives no number twice that came back."""
    last: dict[int, int] = {}
    for key in (parse_record_id(item["id"]) for item in records):
        if edge.is_own(key):
            last[device_of(key)] = max(last.get(device_of(key), 0), number_of(key))
    access.raise_numbers(last)


def _steps(lines: Iterator[bytes]) -> Iterator[list[Item]]:
    some: list[Item] = []
    for line in lines:
        some.append(json.loads(line))
        if len(some) == STEP:
            yield some
            some = []
    if some:
        yield some
