"""NIK and No. KK of this installation: sealed where they are kept, opened only where they are shown or compared.

The keys stand apart from the database: in the environment (SIKLUS_KEYS), or in a file that only its owner can read
(SIKLUS_KEYS_FILE). A first file is made by itself; never where numbers are sealed already, for they would be lost.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from siklus.kernel.problems import Problem, ProblemError
from siklus.kernel.sealing import MARK, Keyring, SealError, new_keyring, read_keyring, write_keyring
from siklus.library.loading import load_book

__all__ = ["SealError"]

NIK, KK = "nik", "kk"
_LOOK_AGAIN = 1.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(slots=True)
class _Held:
    """The ring as this process read it last: `asked` by the clock of the process, `mark` tells two files apart."""

    ring: Keyring
    place: str
    mark: tuple[int, int]
    asked: float


_held: _Held | None = None


def keyring() -> Keyring:
    """The keys in force. A file that was changed is noticed within a second."""
    global _held
    place = settings.SIKLUS_KEYS or str(keys_file())
    now = time.monotonic()
    if _held is not None and _held.place == place and now - _held.asked < _LOOK_AGAIN:
        return _held.ring
    mark = (0, 0) if settings.SIKLUS_KEYS else _mark_of(keys_file())
    if _held is not None and (_held.place, _held.mark) == (place, mark):
        _held.asked = now
    else:
        _held = _Held(_read(mark), place, mark or _mark_of(keys_file()) or (0, 0), now)
    return _held.ring


def keep_keyring(ring: Keyring) -> None:
    """Writes the file of keys in the place of the old one; all of it or nothing."""
    global _held
    path = keys_file()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    _write(part, write_keyring(ring))
    part.replace(path)
    _held = None


def wait_until_noticed() -> None:
    """Until every process that serves has seen a changed file of keys."""
    time.sleep(2 * _LOOK_AGAIN)


def keys_file() -> Path:
    """Where the keys stand when they are not in the environment."""
    return Path(settings.SIKLUS_KEYS_FILE)


def faults() -> list[str]:
    """What is wrong with how the keys are kept; nothing of the keys themselves."""
    found = []
    path = keys_file()
    if not settings.SIKLUS_KEYS and path.exists() and path.stat().st_mode & _OTHERS:
        found.append(f"{path.name} dapat dibaca orang lain: chmod 600")
    try:
        keyring()
    except ProblemError as error:
        found.extend(problem.found for problem in error.problems)
    return found


def opened(what: str, text: str) -> str:
    """The number itself, for showing it or comparing it; SealError when its key is not at hand."""
    return keyring().opened(what, text) if text[:1] == MARK else text


def columns(what: str, text: str) -> tuple[str, str]:
    """The two columns of a number: sealed by the current key, and what it is found by."""
    if not text:
        return "", ""
    ring = keyring()
    sealed = ring.seal(what, text)
    return sealed, ring.index(what, sealed)


def indexes(what: str, numbers: Iterable[str]) -> dict[str, str]:
    """What these numbers are found by, with the number: `column__in=indexes(...)`."""
    ring = keyring()
    return {index: number for number in numbers for index in ring.all_indexes(what, number)}


def sealed_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a record as they are kept."""
    return _changed(data, Keyring.seal)


def opened_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a record as they were written: for a form, a device, an export."""
    return _changed(data, Keyring.opened)


def _changed(data: Mapping[str, Any], change: Callable[[Keyring, str, str], str]) -> Mapping[str, Any]:
    named = [
        (name, what)
        for name, what in load_book().vocabulary.identifiers.items()
        if isinstance(data.get(name), str)
    ]
    if not named:
        return data  # most records name nobody: the keys need not be looked for
    ring = keyring()
    return {**data, **{name: change(ring, what, data[name]) for name, what in named}}


def _read(mark: tuple[int, int] | None) -> Keyring:
    try:
        if settings.SIKLUS_KEYS:
            return read_keyring(settings.SIKLUS_KEYS)
        if mark is None:
            _make()
        return read_keyring(keys_file().read_text())
    except ValueError as error:
        raise _problem(str(error)) from None


def _make() -> None:
    from siklus.register.models import Household, Person

    if (
        Person.objects.filter(sealed_nik__gt="").exists()
        or Household.objects.filter(sealed_kk__gt="").exists()
    ):
        raise _problem("kunci untuk NIK dan No. KK hilang")
    path = keys_file()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(part, write_keyring(new_keyring()))
    try:
        os.link(part, path)  # whoever is first: another process may be making one
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _mark_of(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_mtime_ns, told.st_ino


def _problem(found: str) -> ProblemError:
    todo = "Kembalikan berkas kunci dari cadangannya (SIKLUS_KEYS_FILE), atau isi SIKLUS_KEYS."
    return ProblemError([Problem("I01", "kunci identitas", found, "", todo)])
