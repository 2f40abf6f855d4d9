"""Where a device stands, as a word it keeps and sends back without reading it. Pure.

A cursor survives restarts and updates of both sides. It holds only for the area, the order of places and the life of
the database it was given for: otherwise the device starts again from a snapshot.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

_VERSION = 1
_WITHOUT_DAY = [int, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`seq`: all records in scope up to there were given; `day`: whose guest's time began or ended up to that day, too.

    `ground`: for whom, and on which database, this holds.
    `places` is the list of places the device has. Nothing here is one device's own: a snapshot serves a whole posyandu.
    """

    seq: int
    day: int
    ground: str
    places: str = ""


def ground_of(*parts: str) -> str:
    """A word for the area, the placing and the database; another one as soon as any of them is another."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def write(cursor: Cursor) -> str:
    """The word."""
    plain = json.dumps(
        [_VERSION, cursor.seq, cursor.ground, cursor.places, cursor.day], separators=(",", ":")
    )
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str) -> Cursor | None:
    """None for a word that is not one of ours: then a device starts again, it is not refused."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    kinds = [type(part) for part in plain] if isinstance(plain, list) else []
    if kinds == _WITHOUT_DAY:
        plain = [*plain, 0]  # given before there were guests: it is told of all of them
    elif kinds != [*_WITHOUT_DAY, int]:
        return None
    version, seq, ground, places, day = plain
    if version != _VERSION or not 0 <= seq < 2**63 or day < 0:
        return None
    return Cursor(seq=seq, day=day, ground=ground, places=places)
