"""Which rule book this installation works by: one small file in `SIKLUS_VAR/knowledge`, beside a copy of each book.

`serving` is the book that pages and figures speak of; `coming` is installed and waits until everything is made again
by it; `former` served before. The file is replaced whole, so one look at it is cheap and never sees half of a change.
Without the file the folder `knowledge` of the program serves, or the one `SIKLUS_KNOWLEDGE` names.
"""

from __future__ import annotations

import fcntl
import filecmp
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError

_STORE, _POINTER, _LOCK = "knowledge", "installed.json", ".lock"
_OWN_VAR = str(Path(__file__).resolve().parents[3] / "var")
_READ_ONLY = 0o444

Choices = tuple[tuple[str, str], ...]
"""A district's choices of values, (name of the value, name of the variant), in order of names."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One installed rule book: the hash of its sources and choices, and those choices."""

    hash: str
    choices: Choices = ()

    @property
    def folder(self) -> Path:
        """Where its copy is."""
        return store() / self.hash


@dataclass(frozen=True, slots=True)
class Installed:
    """What the file says; all None where no book was ever installed."""

    serving: Edition | None = None
    coming: Edition | None = None
    former: Edition | None = None


def var_folder() -> Path:
    """The folder of what this installation writes."""
    return Path(_var())


def store() -> Path:
    """The folder of the installed books."""
    return Path(_var()) / _STORE


def installed() -> Installed:
    """What is installed now: one look at the file, which is read again only when it has changed."""
    pointer = f"{_var()}/{_STORE}/{_POINTER}"
    try:
        stamp = os.stat(pointer)  # noqa: PTH116 -- asked for every page and more, and a Path is dear
    except FileNotFoundError:
        return Installed()
    return _read(pointer, stamp.st_ino, stamp.st_mtime_ns)


def keep_copy(folder: Path, edition: Edition) -> None:
    """Copies a rule book into the store, read-only; one that is already there with the same files is left."""
    target = edition.folder
    if target.is_dir() and _is_same(folder, target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as beside:
        made = Path(beside) / "new"
        shutil.copytree(folder, made)
        for path in made.rglob("*"):
            if path.is_file():
                path.chmod(_READ_ONLY)
        if target.exists():
            target.rename(Path(beside) / "old")
        made.rename(target)


def pin(edition: Edition) -> None:
    """What serves now, with its copy already kept, serves until another is switched on; nothing else changes."""
    with _changing() as now:
        if now.serving is None:
            _write(replace(now, serving=edition))


def announce(edition: Edition) -> None:
    """This book is to serve once everything is made again by it. One that serves already takes back what was coming."""
    with _changing() as now:
        _write(replace(now, coming=None if edition == now.serving else edition))


def announce_former() -> Edition:
    """The way back: what is coming is taken back, else the former book is to serve again. Gives what will serve."""
    with _changing() as now:
        back = now.serving if now.coming is not None else now.former
        if back is None:
            raise ProblemError(
                [Problem("B10", "", "belum pernah ada buku aturan lain", todo="Tidak ada yang diubah.")]
            )
        _write(replace(now, coming=None if now.coming is not None else back))
    return back


def take_over(hash_: str) -> None:
    """Everything has been made again by this book: it serves from now on, if it is one of those installed."""
    with _changing() as now:
        if now.serving is None or now.serving.hash == hash_:
            return
        made = next(
            (each for each in (now.coming, now.former) if each is not None and each.hash == hash_), None
        )
        if made is not None:
            _write(Installed(made, None if made == now.coming else now.coming, now.serving))


def _var() -> str:
    return os.environ.get("SIKLUS_VAR") or _OWN_VAR


@lru_cache(maxsize=2)
def _read(pointer: str, _inode: int, _changed: int) -> Installed:
    said = json.loads(Path(pointer).read_text(encoding="utf-8"))
    return Installed(**{name: _edition(said[name]) for name in ("serving", "coming", "former")})


def _edition(said: Mapping[str, object] | None) -> Edition | None:
    if said is None:
        return None
    choices = said["choices"]
    assert isinstance(choices, dict)
    return Edition(str(said["hash"]), tuple(sorted(choices.items())))


@contextmanager
def _changing() -> Iterator[Installed]:
    """What is installed, to be changed by nobody else meanwhile."""
    store().mkdir(parents=True, exist_ok=True)
    with (store() / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield installed()


def _write(to: Installed) -> None:
    said = {
        name: None if edition is None else {"hash": edition.hash, "choices": dict(edition.choices)}
        for name, edition in (("serving", to.serving), ("coming", to.coming), ("former", to.former))
    }
    beside = store() / f"{_POINTER}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(said, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(store() / _POINTER)


def _is_same(folder: Path, copy: Path) -> bool:
    names = [sorted(p.relative_to(f) for p in f.rglob("*") if p.is_file()) for f in (folder, copy)]
    return names[0] == names[1] and all(
        filecmp.cmp(folder / name, copy / name, shallow=False) for name in names[0]
    )
