"""What an edge does: it enrols at its district once, and goes through rounds: what it stands on, up, down.

Every step is a transaction of its own, so a round that is cut goes on at the next one where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from siklus.access import actions as access
from siklus.access import clock, mirroring
from siklus.care import actions as care
from siklus.care import queries as log
from siklus.kernel.problems import Problem, ProblemError
from siklus.register import mirroring as register
from siklus.register.queries import is_empty
from siklus.sync.actions import hashed, judge_waiting
from siklus.sync.edge import loading, merging
from siklus.sync.edge.calling import Denied, District, Unreached, checked_url
from siklus.sync.edge.leaving import Erase, Farewell, leave, told_devices
from siklus.sync.edge.locking import locked
from siklus.sync.edge.log import DatabaseEdgeLog
from siklus.sync.models import Link, Mirrored
from siklus.sync.taking import REFUSED
from siklus.sync.wire import text_of

AT_ONCE = 400
_AREA = "/api/sync/snapshot"


@dataclass(slots=True)
class Round:
    """What one round carried. `farewell`: the district ordered that all goes from here, and it has gone."""

    sent: int = 0
    refused: int = 0
    received: int = 0
    farewell: Farewell | None = None


def enrol(url: str, code: str) -> Link:
    """Makes this new installation the edge of a puskesmas. ProblemError, Unreached or Denied."""
    url = checked_url(url)
    if connection.vendor != "sqlite":  # which a wipe can take away whole
        todo = "Biarkan SIKLUS_DATABASE_URL kosong di server puskesmas."
        raise ProblemError([Problem("N05", "simpul", "server puskesmas memakai SQLite", "", todo)])
    if Link.objects.exists() or not is_empty() or log.last_seq() or not mirroring.is_without_users():
        found = "pemasangan ini sudah berisi data atau pengguna"
        raise ProblemError(
            [Problem("N02", "simpul", found, "pemasangan baru", "Mulai dengan SIKLUS_VAR kosong.")]
        )
    told = District(url).post("/api/sync/enrol", {"code": code.strip(), "edge": True})
    block = range(told["device"], told["last_device"] + 1)
    with transaction.atomic():
        access.use_block(block)
        return Link.objects.create(
            url=url, device_id=block[0], last_device=block[-1], token=told["token"], scope_code=""
        )


def run_round(erase: Erase | None = None, figures: loading.Figures | None = None) -> Round:
    """Everything up, then everything down. Unreached or Denied end it; what was done until then is done.

    `erase` takes everything away from this installation, when the district orders it; `figures` makes needs and
    coverage of everybody, when a first area has come.
    """
    with locked():
        link = Link.objects.first()
        if link is None:
            raise ProblemError([Problem("N04", "simpul", "pemasangan ini belum terdaftar di kabupaten")])
        district = District(link.url, link.device_id, link.token)
        done = Round()
        try:
            is_emptied = _stand(district, link)
            _send(district, done)
            if is_emptied and erase is not None:
                done.farewell = leave(erase, lambda: _send(district, done))
                return done
            _receive(district, done, figures)
        except (Unreached, Denied) as error:
            if isinstance(error, Denied) and error.is_wipe and erase is not None:
                done.farewell = leave(erase, lambda: None)
                return done
            Link.objects.update(last_fault=str(error).rstrip(".")[:300])
            raise
        Link.objects.update(last_round=timezone.now(), last_fault="")
        return done


def _stand(district: District, link: Link) -> bool:
    """Places and users; the district hears which devices write here. True when this edge is to send, and be wiped."""
    devices = told_devices(range(link.device_id, link.last_device + 1))
    told = district.post("/api/sync/edge", {"devices": devices})
    with transaction.atomic():
        Link.objects.update(last_contact=timezone.now(), scope_code=told["scope"])
        if register.keep_ground(told) and log.last_seq():
            care.rebuild_register()
        known = dict(Mirrored.objects.values_list("user_id", "digest"))
        for user in told["users"]:
            digest = hashed(text_of(user))
            if known.get(user["id"]) != digest:
                mirroring.keep_user(user)
                Mirrored.objects.update_or_create(user_id=user["id"], defaults={"digest": digest})
        mirroring.stop_users([user["id"] for user in told["users"]])
    return bool(told.get("empty"))


def _send(district: District, done: Round) -> None:
    while True:
        link = Link.objects.get()
        items, rows = DatabaseEdgeLog(link).batch(AT_ONCE)
        items += [merging.item_of(handed, link.seen) for handed in rows]
        if not items:
            return
        told = district.post("/api/sync/push", {"records": items, "heard": link.heard})
        hear(told, through=rows[-1].row.seq if rows else link.pushed)
        done.sent += len(items)
        done.refused += sum(answer["status"] == REFUSED for answer in told["answers"])


@transaction.atomic
def hear(told: Mapping[str, Any], *, through: int) -> None:
    """The answer to a batch that held the log up to this place."""
    link = Link.objects.select_for_update().get()
    merging.hear(DatabaseEdgeLog(link), told["answers"], link.seen)
    Link.objects.update(pushed=max(link.pushed, through), last_contact=timezone.now())
    learn(told["outcomes"])


@transaction.atomic
def learn(outcomes: Iterable[Mapping[str, Any]]) -> None:
    """What became at the district of what it had refused, each once."""
    link = Link.objects.select_for_update().get()
    new = [each for each in outcomes if each["number"] > link.heard]
    if new:
        merging.learn(DatabaseEdgeLog(link), new)
        Link.objects.update(heard=max(each["number"] for each in new))


def _receive(district: District, done: Round, figures: loading.Figures | None) -> None:
    while True:
        if loading.waits():
            done.received += loading.load(district, _AREA, figures)
        link = Link.objects.get()
        told = district.get(f"/api/sync/pull?after={link.cursor}&heard={link.heard}")
        if "snapshot" in told:
            done.received += loading.load(district, _AREA, figures)
            continue
        take_page(told)
        done.received += len(told["records"])
        if not told["more"]:
            return


@transaction.atomic
def take_page(told: Mapping[str, Any]) -> None:
    """A page of the district's log."""
    link = Link.objects.select_for_update().get()
    edge = DatabaseEdgeLog(link)
    _, unsent = edge.batch(1)
    merging.take_page(edge, told, link.seen)
    edge.stand_at(told["cursor"], told["upto"], is_idle=not unsent)
    loading.raise_numbers(edge, told["records"])
    learn(told["outcomes"])
    judge_waiting(clock.today())
