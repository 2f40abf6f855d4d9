"""The chain of the audit: each line holds the hash of the one before, so that a line changed or taken out shows.

Whoever can write to the database could make the whole chain anew. Against that, and against lines taken off the end,
stand anchors: number and hash of the last line, written from time to time to a file beside the database (and from there
to wherever logs and backups go). Pure: rows come in, what is wrong comes out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

FIRST = "0" * 64
"""What the first line holds in the place of a former hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line of the audit as it is hashed."""

    number: int
    at: datetime
    user_id: int | None
    action: str
    subject: str
    detail: str
    hash: str = ""


def hash_of(link: Link, former: str) -> str:
    """The hash of a line that follows the one with hash `former`."""
    moment = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [link.number, moment, link.user_id, link.action, link.subject, link.detail, former]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold. `number` is the line at which it shows."""

    number: int
    why: str


def breaks_of(links: Iterable[Link], head: tuple[int, str], anchors: Mapping[int, str]) -> Iterator[Break]:
    """What is wrong with the lines (in order of their numbers), with their end, and against the anchors."""
    former, expected, seen = FIRST, 1, dict(anchors)
    for link in links:
        if link.number != expected:
            yield Break(expected, f"baris {expected} sampai {link.number - 1} tidak ada")
        elif hash_of(link, former) != link.hash:
            yield Break(
                link.number,
                f"baris {link.number} tidak cocok dengan rantainya: isinya atau baris sebelumnya diubah",
            )
        if (anchored := seen.pop(link.number, link.hash)) != link.hash:
            yield Break(
                link.number,
                f"baris {link.number} lain dari jangkarnya ({anchored[:12]}…): rantai dibuat ulang",
            )
        former, expected = link.hash, link.number + 1
    if head != (expected - 1, former):
        yield Break(
            expected, f"kepala rantai menyebut {head[0]} baris, yang ada {expected - 1}: akhir rantai dihapus"
        )
    for number in sorted(seen):
        yield Break(
            number, f"baris {number} ada dalam jangkar, tetapi tidak lagi dalam catatan: akhir rantai dihapus"
        )
