"""Faults on purpose while phones push: nothing acknowledged may be missing, nothing doubled, what is refused stands in sight.

Workers are killed with kill -9, connections torn at random bytes of what goes up or comes down, disks full, batches sent
twice at once, databases killed and started again. Each phone sends a batch until it is answered, as phones do.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.batches import take_out
from bench.breaking import Breaking
from bench.figure import Figure, Goal, Values
from bench.populations import PROJECT, say
from bench.scratch import ENGINES, scratch
from bench.sending import Line, Sender
from bench.tracing import Traced, traced

FAULTS, QUICK_FAULTS = 10_000, 100
PHONES = 6
_BATCH = 5
_SPOILED = 5
_SECONDS_A_FAULT = 3
_WEIGHTS = {"kill a worker": 30, "tear": 42, "full disk": 12, "send twice": 15, "restart the database": 1}


def measure(quick: bool, faults: int | None = None) -> Figure:
    """Half of the faults on each database, each in a process of its own."""
    count = faults or (QUICK_FAULTS if quick else FAULTS)
    found = {engine: _asked(engine, count // len(ENGINES)) for engine in ENGINES}
    figure = Figure("faults", "Faults while phones push")
    named = list(_WEIGHTS)
    figure.heading = (
        "database",
        *named,
        "faults",
        "batches",
        "sent",
        "acknowledged",
        "refused in sight",
        "missing",
        "doubled",
    )
    for engine, told in found.items():
        by_sort = [str(told["by_sort"].get(name, 0)) for name in named]
        rest = ("faults", "batches", "sent", "acknowledged", "refused_visible", "missing", "doubled")
        figure.rows.append((engine, *by_sort, *(str(told[name]) for name in rest)))
        figure.values[engine] = told
        for name in ("missing", "doubled"):
            figure.goals.append(Goal(f"{engine}: {name}", 0, told[name], "records"))
            figure.checks[f"{engine}: nothing is {name}"] = told[name] == 0
        figure.checks[f"{engine}: every batch was answered in the end"] = told["unanswered"] == 0
        figure.checks[f"{engine}: no number of the log was lost"] = told["is_without_gaps"]
        figure.checks[f"{engine}: the chain of the audit holds"] = told["breaks"] == 0
        figure.checks[f"{engine}: no fault was answered as one of the program (500)"] = told["errors"] == 0
    total: Counter[str] = Counter()
    for told in found.values():
        total.update({name: told[name] for name in ("faults", "missing", "doubled", "refused_visible")})
    figure.values |= dict(total)
    figure.notes.append(
        f"{PHONES} phones beside one another, {_BATCH} records a batch, one batch in {_SPOILED} with a record that cannot be let "
        "in; gunicorn with two workers. A killed worker or database dies while pushes run; a torn connection ends after a "
        "random number of bytes of the request or the answer. The restart is kill -9 of the whole server on SQLite, an immediate "
        "shutdown (crash) on PostgreSQL, which keeps synchronous_commit. A full disk is SQLite's own (max_page_count), on "
        "PostgreSQL its error 53100 raised in the middle of the copy."
    )
    return figure


def _asked(engine: str, count: int) -> Values:
    say(f"{engine}: {count} faults ...")
    command = [sys.executable, "-m", "bench.faults", engine, str(count)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    told: Values = json.loads(done.stdout.strip().splitlines()[-1])
    return told


@dataclass
class Running:
    """What all phones of a run share."""

    breaking: Breaking
    until: float
    by_sort: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sort: str) -> None:
        """One fault more."""
        with self.lock:
            self.by_sort[sort] += 1


def _run(engine: str, count: int) -> Values:
    with scratch(engine, "posyandu", synchronous_commit="on") as there:
        from django.db import connection

        rows = take_out(2000)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "VACUUM"
                )  # else the disk is never full: there is room in the pages of what was taken out
        senders = _enrolled(rows)
        first = _last_seq() + 1
        with Breaking.of(there) as breaking:
            running = Running(breaking, time.monotonic() + 120 + count * _SECONDS_A_FAULT)
            planned = _planned(count)
            threads = [
                threading.Thread(target=_work, args=(running, sender, planned[place::PHONES]))
                for place, sender in enumerate(senders)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        found: Traced = traced(senders, first)
        return {
            "faults": sum(running.by_sort.values()), "by_sort": dict(running.by_sort),
            "batches": sum(sender.batches for sender in senders), "sent": sum(sender.calls for sender in senders),
            "unanswered": sum(sender.unanswered for sender in senders),
            "statuses": dict(sum((sender.statuses for sender in senders), Counter())),
            "errors": sum(sender.statuses["500"] for sender in senders), **found.as_json(),
        }  # fmt: skip


def _enrolled(rows: Sequence[Any]) -> list[Sender]:
    from siklus.access.queries import user_named
    from siklus.sync import actions

    user = user_named("puskesmas")
    assert user is not None
    senders = []
    for place in range(PHONES):
        code = actions.offer(by=user, name=f"HP {place}", scope_code=user.scope_code, users=[user.pk])
        key = actions.enrol(code)
        assert key is not None
        senders.append(Sender(key.device, key.token, rows[place::PHONES]))
    return senders


def _last_seq() -> int:
    from siklus.care.models import Counter as Numbers

    return Numbers.objects.get(name="record").value


def _planned(count: int) -> list[str]:
    """The sorts of fault in their order: each at least once, where there are so many, and often as they are likely."""
    drawn = random.Random(count)
    sorts = [
        *_WEIGHTS,
        *drawn.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=max(count - len(_WEIGHTS), 0)),
    ]
    drawn.shuffle(sorts)
    return sorts[:count]


def _work(running: Running, sender: Sender, sorts: Sequence[str]) -> None:
    """One phone: a batch, a fault while it is sent, then the same batch until it is answered."""
    drawn = random.Random(sender.device)
    for number, sort in enumerate(sorts):
        if time.monotonic() > running.until:
            sender.unanswered += 1
            return
        items = sender.next_batch(_BATCH, is_spoiled=number % _SPOILED == 0)
        _FAULTS[sort](running.breaking, sender, items, drawn)
        running.note(sort)
        while not sender.is_answered(items):
            if time.monotonic() > running.until:
                sender.unanswered += 1
                return
            if not sender.send(running.breaking.port, items):
                time.sleep(drawn.uniform(0.02, 0.2))


def _kill(breaking: Breaking, sender: Sender, items: list[Line], drawn: random.Random) -> None:
    waiting = threading.Thread(target=sender.send, args=(breaking.port, items))
    waiting.start()
    time.sleep(drawn.uniform(0, 0.08))
    breaking.kill_a_worker(drawn)
    waiting.join()


def _tear(breaking: Breaking, sender: Sender, items: list[Line], drawn: random.Random) -> None:
    """Half of them on the way up, half on the way down."""
    if drawn.random() < 0.5:
        sender.send(breaking.port, items, cut_up=drawn.random())
    else:
        sender.send(breaking.port, items, cut_down=drawn.random())


def _fill(breaking: Breaking, sender: Sender, items: list[Line], drawn: random.Random) -> None:
    with breaking.full_disk():
        for _ in range(drawn.randint(1, 3)):
            sender.send(breaking.port, items)


def _twice(breaking: Breaking, sender: Sender, items: list[Line], _drawn: random.Random) -> None:
    both = [threading.Thread(target=sender.send, args=(breaking.port, items)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()


def _restart(breaking: Breaking, sender: Sender, items: list[Line], drawn: random.Random) -> None:
    waiting = threading.Thread(target=sender.send, args=(breaking.port, items))
    waiting.start()
    time.sleep(drawn.uniform(0, 0.08))
    breaking.restart()
    waiting.join()


_FAULTS: dict[str, Callable[[Breaking, Sender, list[Line], random.Random], None]] = {
    "kill a worker": _kill, "tear": _tear, "full disk": _fill, "send twice": _twice, "restart the database": _restart,
}  # fmt: skip


def main() -> None:
    """One database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("faults", type=int)
    args = parser.parse_args()
    print(json.dumps(_run(args.engine, args.faults)), flush=True)


if __name__ == "__main__":
    main()
