"""Versions of the wire: which are spoken, and the kind words for a phone that speaks another. Pure.

A version's messages are fixed by `wire/v<version>.json`; a test holds its hash. A new version is a new file beside it,
and the old one goes on being served until no phone of the district uses it any more (the list of phones shows that).
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

OLDEST, NEWEST = 1, 1
SPOKEN = tuple(range(OLDEST, NEWEST + 1))
HEADER = "Siklus-Protocol"


def chosen(text: str) -> int | None:
    """The version a phone asks for; None when it is not one that is spoken here."""
    version = int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000") else 0
    return version if version in SPOKEN else None


def update_words(text: str) -> dict[str, Any]:
    """What a phone is told that speaks another version; its records stay on it until it can send them."""
    is_newer = text.isascii() and text.isdecimal() and int(text[:9]) > NEWEST
    words = (
        "Server puskesmas belum mengenal versi aplikasi ini. Catatan Anda aman di ponsel; beri tahu puskesmas."
        if is_newer
        else "Aplikasi di ponsel ini sudah lama. Catatan Anda aman di ponsel; perbarui aplikasinya, lalu kirim lagi."
    )
    return {"error": "protocol", "words": words, "spoken": list(SPOKEN)}


@lru_cache
def schema(version: int) -> dict[str, Any]:
    """The JSON Schema of every message of a version, by name under `$defs`."""
    text = (files("siklus.sync") / "wire" / f"v{version}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
