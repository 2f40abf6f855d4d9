"""How an answer travels: zstd or gzip by what the phone accepts, and parts of a kept file by range. Pure."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass

import zstandard

ENCODINGS = ("zstd", "gzip", "identity")
SMALL = 1024
_ZSTD, _GZIP = 10, 6
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


def chosen(accepts: str) -> str:
    """The best of ENCODINGS that an Accept-Encoding allows."""
    weights: dict[str, float] = {}
    for part in accepts.split(","):
        name, _, rest = part.strip().lower().partition(";")
        weights[name] = _weight(rest)
    for name in ENCODINGS[:-1]:
        if weights.get(name, 0.0) > 0:
            return name
    return ENCODINGS[-1]


def packed(plain: bytes, encoding: str) -> bytes:
    """The bytes in an encoding; the same bytes always give the same."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD).compress(plain)
    if encoding == "gzip":
        return gzip.compress(plain, _GZIP, mtime=0)
    return plain


def unpacked(body: bytes, encoding: str, most: int) -> bytes | None:
    """What a phone sent, packed or not; None when it cannot be read or would become larger than `most`."""
    if encoding in ("", "identity"):
        return body if len(body) <= most else None
    if encoding != "gzip":
        return None
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = reader.decompress(body, most + 1)
    except zlib.error:
        return None
    return plain if len(plain) <= most and reader.eof else None


@dataclass(frozen=True, slots=True)
class Part:
    """From the first byte to before `stop`."""

    start: int
    stop: int


def part_of(text: str, size: int) -> Part | None:
    """The bytes a Range asks for, of one run; None when it asks for something else, so that all is sent."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or match[1] == match[2] == "" or len(text) > len("bytes=") + 40:
        return None
    if match[1] == "":
        return Part(max(0, size - int(match[2])), size)
    stop = min(size, int(match[2]) + 1) if match[2] else size
    return Part(int(match[1]), stop)


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
