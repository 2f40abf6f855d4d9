"""The file of a whole area as an edge keeps it until all of it is taken in: it comes in pieces, each sealed at once.

A download that was cut goes on where it broke. On the disk nobody is named: a piece is sealed with the keys of NIK, and
its place is sealed with it, so that none can be left out or changed for another. Opened it is line by line, in memory.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import zstandard

from siklus.kernel.sealing import SealError
from siklus.register.identity import keyring
from siklus.sync.edge.locking import folder

_HEAD = struct.Struct(">II")  # how long a piece is, in clear and sealed
_SORT = "edge-area"


class AreaFile:
    """One file: what has come of it, and its tag at the district. `size` or `begin` comes before `add`."""

    def __init__(self) -> None:
        self._part, self._whole, self._tag = (
            folder() / name for name in ("area.part", "area.whole", "area.tag")
        )
        self._count = 0

    @property
    def is_whole(self) -> bool:
        """True when it can be read."""
        return self._whole.exists()

    @property
    def tag(self) -> str:
        """Which file it is; empty for none."""
        return self._tag.read_text() if self._tag.exists() else ""

    def size(self) -> int:
        """How many bytes have come; a piece whose writing was cut is given up."""
        self._count = size = end = 0
        if self._part.exists() and self.tag:
            with self._part.open("r+b") as file:
                for clear, sealed in _pieces(file):
                    self._count, size, end = self._count + 1, size + clear, end + _HEAD.size + len(sealed)
                file.truncate(end)
        return size

    def begin(self, tag: str) -> None:
        """Another file: nothing of it has come."""
        self.remove()
        self._tag.write_text(tag)
        self._count = 0

    def add(self, content: bytes) -> None:
        """What came next."""
        sealed = keyring().seal_file(f"{_SORT}-{self._count}", content)
        with os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(_HEAD.pack(len(content), len(sealed)) + sealed)
        self._count += 1

    def finish(self) -> None:
        """All of it has come."""
        self._part.replace(self._whole)

    def lines(self) -> Iterator[bytes]:
        """The lines of the whole file. SealError when its key is gone or it was changed: it must come again."""
        unpacked, left = zstandard.ZstdDecompressor().decompressobj(), b""
        with self._whole.open("rb") as file:
            for number, (_, sealed) in enumerate(_pieces(file)):
                piece = keyring().opened_file(f"{_SORT}-{number}", sealed)
                *lines, left = (left + unpacked.decompress(piece)).split(b"\n")
                yield from lines
        if not unpacked.eof or left:
            raise SealError("berkas wilayah tidak utuh")

    def remove(self) -> None:
        """Nothing of it stays, nor what an older program left unsealed."""
        for path in (self._whole, self._part, self._tag, Path(folder() / "area.zst")):
            path.unlink(missing_ok=True)


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """How long each whole piece is in clear, and its sealed bytes."""
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        clear, length = _HEAD.unpack(head)
        sealed = file.read(length)
        if len(sealed) != length:
            return
        yield clear, sealed
