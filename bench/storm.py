"""Many phones at once, over HTTP on loopback: each pushes what it has and pulls until nothing is left, all together."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

from bench.batches import batches
from bench.measuring import percentile
from bench.populations import PROJECT, say
from bench.scratch import Scratch

KADER = "kader"
RECORDS_A_PHONE = 5
WORKERS, THREADS = 2, 4
_LIMIT_SECONDS = 600
_START_SECONDS = 60


@dataclass(slots=True)
class Calling:
    """A phone that calls: what it holds, and what it met."""

    device: int
    token: str
    items: list[dict[str, Any]]
    cursor: str
    seconds: float = 0.0
    pages: int = 0
    faults: int = 0


def storm(there: Scratch, rows: Sequence[Any], *, phones: int) -> dict[str, Any]:
    """Enrols the phones, starts the server and lets all of them call in the same moment."""
    from django.db import connection

    say(f"{phones} phones at once ...")
    calling = _enrolled(phones, rows)
    before = _log_size()
    connection.close()
    with serving(there) as port:
        began = time.monotonic()
        asyncio.run(asyncio.wait_for(_all(calling, port), _LIMIT_SECONDS))
        seconds = time.monotonic() - began
    sent = sum(len(phone.items) for phone in calling)
    return {
        "phones": phones, "seconds": round(seconds, 1), "records": sent, "pages": sum(p.pages for p in calling),
        "refused": sum(phone.faults for phone in calling), "is_whole": _log_size() - before == sent,
        "phone_p50_s": round(percentile([phone.seconds for phone in calling], 0.5), 1),
        "phone_p95_s": round(percentile([phone.seconds for phone in calling], 0.95), 1),
        "words": f"{RECORDS_A_PHONE} records each, then pages until none is left; gunicorn with {WORKERS} workers of "
        f"{THREADS} threads and these phones on the same machine",
    }  # fmt: skip


@contextmanager
def serving(there: Scratch, **more: str) -> Iterator[int]:
    """The server as `siklus serve` starts it, without its keeper; its port."""
    port = free_port()
    words = [
        sys.executable, "-m", "gunicorn", "siklus.site.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS),
        "--log-level", "critical", "--timeout", "120",
    ]  # fmt: skip
    path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
    server = subprocess.Popen(
        words, env={**os.environ, **there.environment, **more, "PYTHONPATH": path}, cwd=PROJECT
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(60)


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers."""
    limit = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
                answer.read()
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def _enrolled(phones: int, rows: Sequence[Any]) -> list[Calling]:
    """Phones of the posyandu in turn, each with some of the services as its own and up to date with the log."""
    from siklus.access import clock
    from siklus.access.queries import User, user_named
    from siklus.register import queries as register
    from siklus.sync import actions, telling
    from siklus.sync.area import may_write
    from siklus.sync.models import Phone

    user = user_named("dinkes")
    assert user is not None
    homes = register.places_of_persons({row.person for row in rows})
    by_place: dict[str, list[Any]] = {}
    for row in rows:
        if may_write(User(role=KADER, is_active=True), row.kind, row.data):
            by_place.setdefault(homes[row.person].posyandu, []).append(row)
    places = sorted(place for place in by_place if place)
    calling = []
    for number in range(phones):
        place = places[number % len(places)]
        key = actions.enrol(_offer(user, place, number))
        assert key is not None
        phone = Phone.objects.get(pk=key.device)
        known = by_place[place]
        start = number * RECORDS_A_PHONE
        own = [known[(start + step) % len(known)] for step in range(RECORDS_A_PHONE)]
        (batch,) = batches(own, key.device, size=RECORDS_A_PHONE)
        _, word = telling.places(phone)
        cursor = telling.cursor(phone, phone.pulled, day=clock.today(), places=word)
        calling.append(Calling(key.device, key.token, batch.items, cursor))
    return calling


def _offer(user: Any, place: str, number: int) -> str:
    from siklus.sync import actions, queries

    writers = queries.candidates(user, place) or (_kader(place),)
    return actions.offer(by=user, name=f"HP {number}", scope_code=place, users=[writers[0].pk])


def _kader(place: str) -> Any:
    """Somebody who writes there: the seed gives one posyandu of a puskesmas a login."""
    from siklus.access.actions import add_user

    word = secrets.token_urlsafe()
    return add_user(username=f"kader-{place}", password=word, role=KADER, scope_code=place)


def _log_size() -> int:
    from siklus.care.health import log_size

    return log_size()[0]


async def _all(calling: Sequence[Calling], port: int) -> None:
    await asyncio.gather(*(_sync(phone, port) for phone in calling))


async def _sync(phone: Calling, port: int) -> None:
    """One phone: push, then pages until there is no more. What is not answered with 200 is a fault."""
    began = time.monotonic()
    body = json.dumps({"records": phone.items, "last": len(phone.items)}).encode()
    status, told = await ask(port, phone, "POST", "/api/sync/push", body)
    kept = sum(answer["status"] == "accepted" for answer in told.get("answers", ()))
    phone.faults += status != 200 or kept != len(phone.items)
    more = status == 200
    while more:
        status, told = await ask(port, phone, "GET", f"/api/sync/pull?after={phone.cursor}")
        phone.faults += status != 200
        phone.pages += 1
        more = status == 200 and bool(told["more"])
        phone.cursor = told.get("cursor", phone.cursor)
    phone.seconds = time.monotonic() - began


async def ask(
    port: int, phone: Calling, method: str, path: str, body: bytes = b""
) -> tuple[int, dict[str, Any]]:
    """(status, answer); (0, nothing) for a connection that broke."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Authorization: Siklus {phone.device}.{phone.token}\r\nSiklus-Protocol: 1\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        first, _, content = answer.partition(b"\r\n\r\n")
        return int(first.split(maxsplit=2)[1]), json.loads(content)
    except (OSError, ValueError, IndexError):
        return 0, {}
