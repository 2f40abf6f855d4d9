"""A phone that sends batches until they are answered, over a connection that may be torn at any byte."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.batches import batches

Line = dict[str, Any]
_WAIT_SECONDS = 90
_NO_WEIGHT = "tidak dapat dibaca"


@dataclass(slots=True)
class Sender:
    """A phone. `answers` are what it was told of each of its records, the last word; `said` everything it was told."""

    device: int
    token: str
    rows: Sequence[Any]
    number: int = 0
    batches: int = 0
    calls: int = 0
    unanswered: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    sent: dict[str, Line] = field(default_factory=dict)
    answers: dict[str, Line] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    wavered: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_batch(self, size: int, *, is_spoiled: bool) -> list[Line]:
        """The phone's next records; of a spoiled batch one cannot be let in."""
        own = [self.rows[(self.number + step) % len(self.rows)] for step in range(size)]
        (batch,) = batches(own, self.device, self.number + 1, size)
        self.number += size
        self.batches += 1
        if is_spoiled:
            batch.items[-1] = {**batch.items[-1], "on": _NO_WEIGHT}
        self.sent.update({item["id"]: item for item in batch.items})
        return batch.items

    def is_answered(self, items: Sequence[Line]) -> bool:
        """True once every record of the batch has been told its fate."""
        return all(item["id"] in self.answers for item in items)

    def send(
        self, port: int, items: Sequence[Line], *, cut_up: float | None = None, cut_down: float | None = None
    ) -> bool:
        """Sends it once; a share of the bytes after which the connection is torn, on its way up or down."""
        body = json.dumps({"records": list(items), "last": self.number}).encode()
        head = (
            "POST /api/sync/push HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
            f"Authorization: Siklus {self.device}.{self.token}\r\nSiklus-Protocol: 1\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        whole = head.encode() + body
        status, told = _exchange(port, whole, cut_up, cut_down)
        with self.lock:
            self.calls += 1
            self.statuses[str(status)] += 1
            for answer in told:
                self._hear(answer)
        return status == 200

    def _hear(self, answer: Line) -> None:
        key = answer["id"]
        self.answers[key] = answer
        kept = answer["status"] in ("accepted", "duplicate")
        if kept and self.acknowledged.setdefault(key, answer["seq"]) != answer["seq"]:
            self.wavered.add(key)


def _exchange(
    port: int, whole: bytes, cut_up: float | None, cut_down: float | None
) -> tuple[int, list[Line]]:
    """(status, answers); (0, nothing) for a connection that broke. A torn one is reset, as by a mast out of reach."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_WAIT_SECONDS) as link:
            if cut_up is not None:
                link.sendall(whole[: int(len(whole) * cut_up)])
                _reset(link)
                return 0, []
            link.sendall(whole)
            content = _read(link, cut_down)
            if cut_down is not None:
                _reset(link)
                return 0, []
        first, _, body = content.partition(b"\r\n\r\n")
        status = int(first.split(maxsplit=2)[1])
        return status, json.loads(body)["answers"] if status == 200 else []
    except (OSError, ValueError, IndexError):
        return 0, []


def _read(link: socket.socket, share: float | None) -> bytes:
    """All that comes, or a share of about what an answer of this batch takes."""
    most = None if share is None else int(2048 * share)
    content = b""
    while most is None or len(content) < most:
        part = link.recv(65536 if most is None else most - len(content))
        if not part:
            break
        content += part
    return content


def _reset(link: socket.socket) -> None:
    with contextlib.suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
