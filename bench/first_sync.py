"""The first sync of a posyandu beside PouchDB's of the same records: bytes on the wire, records a second, and cuts.

Server and client of PouchDB are npm's (`bench/peer`, installed when asked for). Both phones are Node, both keep what comes
in the same store in memory, both go through a program that counts every byte of TCP in both directions.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from bench.between import Between, between
from bench.figure import Figure, Goal, Values
from bench.populations import PROJECT, say
from bench.scratch import SQLITE, Scratch, scratch
from bench.storm import serving
from siklus.bulk.javascript import find_node

GOAL_BYTES, GOAL_SECONDS = 1 / 8, 1 / 20
PEER = PROJECT / "bench/peer"
_CUTS = 25
_ROUNDS, _QUICK = 5, 1
_SMALL, _LARGE = 100, 1000
_HEAD = 1024
"""Only the short answer before the file may come again."""
_POUCH = f"PouchDB, batches of {_SMALL} (as it comes)"
_POUCH_LARGE = f"PouchDB, batches of {_LARGE:,}"
_POUCH_PLAIN = f"PouchDB, batches of {_SMALL}, not packed (as CouchDB)"
_NEXT, _FIRST = "Siklus", "Siklus, the file not made yet"
Ask = Callable[[dict[str, Any]], Values]


def measure(quick: bool) -> Figure:
    """Rounds in which all take turns."""
    install_peer()
    figure = Figure("sync", "First sync of a posyandu, beside PouchDB")
    with scratch(SQLITE, "posyandu") as there, ExitStack() as stack:
        port, authorization, place = _served(there, stack)
        lines = _fetched(port, authorization, "identity").splitlines()
        head, records = json.loads(lines[0]), lines[1:]
        file = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="siklus-")), "records")
        file.write_bytes(b"\n".join(records) + b"\n")
        ours = stack.enter_context(between(port))
        packed = stack.enter_context(between(stack.enter_context(_pouch_server(file, "gzip"))))
        plain = stack.enter_context(between(stack.enter_context(_pouch_server(file, "plain"))))
        ask = stack.enter_context(_phone())
        ways: dict[str, tuple[Between, dict[str, Any]]] = {
            _POUCH: (packed, {"how": "pouch", "port": packed.port, "batch": _SMALL}),
            _POUCH_LARGE: (packed, {"how": "pouch", "port": packed.port, "batch": _LARGE}),
            _FIRST: (ours, {"how": "siklus", "port": ours.port, "authorization": authorization}),
            _NEXT: (ours, {"how": "siklus", "port": ours.port, "authorization": authorization}),
        }
        ask(ways[_NEXT][1])  # Node has read and compiled what it needs
        found: dict[str, list[Values]] = {name: [] for name in ways}
        for number in range(_QUICK if quick else _ROUNDS):
            for name in ways:
                say(f"round {number + 1}: {name} ...")
                if name == _FIRST:
                    shutil.rmtree(Path(there.environment["SIKLUS_VAR"], "sync"), ignore_errors=True)
                found[name].append(_one(ask, *ways[name]))
        found[_POUCH_PLAIN] = [_one(ask, plain, {**ways[_POUCH][1], "port": plain.port})]
        cut = _cut(ask, *ways[_NEXT], found[_NEXT][0]["down"])
        files = {name: len(_fetched(port, authorization, name)) for name in ("gzip", "zstd", "identity")}
    _judge(figure, found, len(records), cut)
    figure.values |= {"place": place, "records": len(records), "files": files, "cut": cut}
    figure.notes.append(
        f"{place['persons']:,} persons and {len(records):,} records of one posyandu, as a kader's phone may carry them. Bytes are of TCP, "
        "up and down, with headers. The phones are Node with the same store in memory (memdown) under both: PouchDB "
        "through its memory adapter; ours one entry a record, by whom it is about. The file of a place "
        "is made while the code for its phone is shown on the desk, and kept for the next phone; the row where it is not made yet stands for the "
        "moment after somebody moved. Records of PouchDB's server lie in its memory too, ours on disk in SQLite, behind "
        "gunicorn. Node 20 reads no zstd, so all are gzip: with zstd, which browsers read, the file is "
        f"{files['zstd']:,} bytes instead of {files['gzip']:,} ({files['identity']:,} not packed)."
    )
    figure.notes.append(
        f"Cut {cut['cuts']} times after a random number of bytes: the phone asked for the rest each time, "
        f"{cut['again']} bytes of the file came twice, {cut['down'] - found[_NEXT][0]['down']:,} bytes more came down, headers of the answers included."
    )
    assert head["records"] == len(records)
    return figure


def _judge(figure: Figure, found: dict[str, list[Values]], records: int, cut: Values) -> None:
    figure.heading = (
        "first sync", "rounds", "records a second, median", "range", "bytes down", "up", "bytes a record", "connections",
        "CPU of the phone, s",
    )  # fmt: skip
    for name, rounds in found.items():
        rates = sorted(records / each["seconds"] for each in rounds)
        last = rounds[-1]
        whole = _bytes(rounds)
        figure.values[name] = {
            "records_a_second": round(median(rates)), "bytes": whole, "bytes_a_record": round(whole / records, 1),
            "rounds": rounds,
        }  # fmt: skip
        figure.rows.append(
            (name, str(len(rounds)), f"{median(rates):,.0f}", f"{rates[0]:,.0f}-{rates[-1]:,.0f}", f"{last['down']:,}",
             f"{last['up']:,}", f"{whole / records:.1f}", str(last["connections"]),
             f"{median(each['cpu'] for each in rounds):.2f}"),
        )  # fmt: skip
    for peer in (_POUCH, _POUCH_LARGE):
        share = _bytes(found[_NEXT]) / _bytes(found[peer])
        figure.goals.append(Goal(f"bytes, share of {peer}", GOAL_BYTES, round(share, 4), "of it"))
        each = [a["seconds"] / b["seconds"] for a, b in zip(found[_NEXT], found[peer], strict=True)]
        figure.goals.append(Goal(f"seconds, share of {peer}", GOAL_SECONDS, round(median(each), 4), "of it"))
    told = {each["digest"] for rounds in found.values() for each in rounds}
    figure.checks["every phone holds the same records, each once"] = (
        len(told | {cut["digest"]}) == 1 and cut["records"] == records
    )
    figure.checks["a phone that is cut goes on where it was cut"] = cut["cuts"] > 0 and cut["again"] < _HEAD


def _bytes(rounds: list[Values]) -> float:
    return median(each["up"] + each["down"] for each in rounds)


def install_peer() -> None:
    """PouchDB by its lock, once."""
    lock = (PEER / "package-lock.json").read_bytes()
    stamp, want = PEER / "node_modules/.stamp", f"{zlib.crc32(lock):08x}"
    if stamp.exists() and stamp.read_text() == want:
        return
    say("installing PouchDB for this figure into bench/peer/node_modules ...")
    subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=PEER, check=True, stdout=2)
    stamp.write_text(want)


def _served(there: Scratch, stack: ExitStack) -> tuple[int, str, Values]:
    """Port of the server, what its only phone shows, and the posyandu the phone is of: the one with most people."""
    from django.apps import apps
    from django.db import connection
    from django.db.models import Count

    from siklus.access.queries import user_named
    from siklus.sync import actions, queries

    persons = apps.get_model("register.Person")._default_manager
    largest = persons.values("posyandu_code").annotate(count=Count("pk")).order_by("-count")[0]
    code, user = largest["posyandu_code"], user_named("puskesmas")
    assert user is not None
    writers = queries.candidates(user, code)
    offer = actions.offer(by=user, name="bench", scope_code=code, users=[writers[0].pk])
    key = actions.enrol(offer)
    assert key is not None
    connection.close()
    port = stack.enter_context(serving(there))
    return port, f"Siklus {key.device}.{key.token}", {"code": code, "persons": largest["count"]}


def _fetched(port: int, authorization: str, encoding: str) -> bytes:
    headers = {"Authorization": authorization, "Siklus-Protocol": "1", "Accept-Encoding": encoding}
    with urlopen(
        Request(f"http://127.0.0.1:{port}/api/sync/snapshot", headers=headers), timeout=120
    ) as answer:
        told: bytes = answer.read()
    return told


def _one(ask: Ask, through: Between, wanted: dict[str, Any]) -> Values:
    through.taken()
    return {**ask(wanted), **through.taken()}


def _cut(ask: Ask, through: Between, wanted: dict[str, Any], size: int) -> Values:
    """The same over a line that breaks again and again, early and late in an answer."""
    dice = random.Random(1)
    through.cuts.extend(dice.randrange(1, 2 * size // _CUTS) for _ in range(_CUTS))
    try:
        return _one(ask, through, wanted)
    finally:
        through.cuts.clear()


@contextmanager
def _pouch_server(file: Path, packing: str) -> Iterator[int]:
    say(f"a PouchDB server with the same records ({packing}) ...")
    command = [find_node(), str(PEER / "serve.mjs"), str(file), packing]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PEER) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.terminate()


@contextmanager
def _phone() -> Iterator[Ask]:
    command = [find_node(), str(PEER / "phone.mjs")]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, cwd=PEER, env=dict(os.environ)
    ) as phone:
        assert phone.stdin is not None and phone.stdout is not None
        given, told = phone.stdin, phone.stdout

        def ask(wanted: dict[str, Any]) -> Values:
            given.write(json.dumps(wanted) + "\n")
            given.flush()
            found: Values = json.loads(told.readline())
            return found

        yield ask
        given.close()
