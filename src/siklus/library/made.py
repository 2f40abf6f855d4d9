"""What is made of a rule book (its rules read and checked, its engines written), kept on disk for the next process.

A file is named by the hash of the book's sources and by that of the code that makes it, so what is found was made of
these sources by this code, and nothing is ever put right: another book or another code is another name. Files come
whole into their place, and one that is damaged or cannot be written is made again. They are pickles: who may write
into this folder may write into the database beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from siklus.kernel.resting import collector_at_rest
from siklus.library.installed import var_folder
from siklus.library.standards import Tables

Made = TypeVar("Made")
_FOLDER, _ENDING = "made", ".made"
_ROOMS = ("kernel", "rules", "library")
_CODE = (".py", ".lark", ".js", ".ts")
_LIBRARIES = ("lark", "PyYAML")
_TABLES = "tables"
_FILES_KEPT = 48  # of a few books; one in use takes nine


@dataclass(frozen=True)
class Workshop:
    """Where what is made of one book is kept; `tables` are its growth standards, read by whom they are asked."""

    digest: str
    tables: Tables

    def once(self, what: str, make: Callable[[], Made]) -> Made:
        """What was made of the book before, or made and kept now."""
        found: Made | None = self.find(what)
        if found is None:
            found = make()
            self.keep(what, found)
        return found

    def find(self, what: str) -> Any | None:
        """What was kept under this name, None where nothing was or where it cannot be read any more."""
        try:
            content = self._path(what).read_bytes()
        except OSError:
            return None
        checked, text = content[: hashlib.sha256().digest_size], content[hashlib.sha256().digest_size :]
        if hashlib.sha256(text).digest() != checked:
            return None
        with collector_at_rest():
            return _Unpickler(text, self.tables).load()

    def keep(self, what: str, value: object) -> None:
        """Put it by; a folder that cannot be written leaves everything as slow as it was."""
        path, text = self._path(what), io.BytesIO()
        _Pickler(text, self.tables).dump(value)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent) as beside:
                whole = Path(beside) / path.name
                whole.write_bytes(hashlib.sha256(text.getvalue()).digest() + text.getvalue())
                whole.replace(path)
            _forget_the_oldest(path.parent)

    def _path(self, what: str) -> Path:
        return made_folder() / f"{self.digest}-{_code()}-{what}{_ENDING}"


def made_folder() -> Path:
    """`SIKLUS_MADE`, else `made` in `SIKLUS_VAR`."""
    return Path(os.environ.get("SIKLUS_MADE") or var_folder() / _FOLDER)


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, tables: Tables) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._tables = tables

    def persistent_id(self, value: Any) -> str | None:
        """The tables stay in their files."""
        return _TABLES if value is self._tables else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, text: bytes, tables: Tables) -> None:
        super().__init__(io.BytesIO(text))
        self._tables = tables

    def persistent_load(self, _: Any) -> Tables:
        """Those of the folder at hand: the same content, as the hash says."""
        return self._tables


@cache
def _code() -> str:
    """The version of everything that has a part in the making."""
    digest, home = hashlib.sha256(sys.version.encode()), Path(__file__).parents[1]
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(path for room in _ROOMS for path in (home / room).rglob("*") if path.suffix in _CODE):
        digest.update(f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _forget_the_oldest(folder: Path) -> None:
    files = sorted(folder.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_FILES_KEPT]:
        path.unlink(missing_ok=True)
