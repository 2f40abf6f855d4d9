"""What lies inside a sealed file: named parts one after another, each of a length nobody need know beforehand."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from typing import IO, Any, Protocol

from siklus.site.upkeep.sealed_file import problem

_NAME, _BLOCK = struct.Struct(">H"), struct.Struct(">I")
_LARGEST = 1 << 20


class Sink(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object: ...


def write_part(out: Sink, name: str, blocks: Iterable[bytes]) -> None:
    """A part: its name, its blocks, an empty block."""
    called = name.encode()
    out.write(_NAME.pack(len(called)) + called)
    for block in blocks:
        for start in range(0, len(block), _LARGEST):
            some = block[start : start + _LARGEST]
            out.write(_BLOCK.pack(len(some)))
            out.write(some)
    out.write(_BLOCK.pack(0))


def write_json_part(out: Sink, name: str, value: Any) -> None:
    """A part that is one JSON value."""
    write_part(out, name, [json.dumps(value, ensure_ascii=False).encode()])


def read_parts(source: IO[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each part's name and its blocks; what the reader leaves of a part is passed over."""
    while head := source.read(_NAME.size):
        name = _exactly(source, _NAME.unpack(head)[0]).decode()
        blocks = _blocks(source)
        yield name, blocks
        for _ in blocks:
            pass


def read_json(blocks: Iterable[bytes]) -> Any:
    """The value of a part that is one JSON value."""
    return json.loads(b"".join(blocks))


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """An open file, block by block."""
    while block := file.read(_LARGEST):
        yield block


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while size := _BLOCK.unpack(_exactly(source, _BLOCK.size))[0]:
        yield _exactly(source, size)


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise problem("U04", "cadangan terpotong", "Pakai cadangan lain.")
    return data
