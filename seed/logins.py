"""One login for each role, with a password made for this machine alone and kept in a file only its owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seed.geography import Geography

_PLACES = (("puskesmas", "puskesmas"), ("kepala", "puskesmas"), ("pustu", "pustu"), ("kader", "posyandu"))
LOGINS_FILE = "demo-logins.txt"
_WORDS = (
    "angin", "awan", "bambu", "batu", "bukit", "bulan", "bunga", "burung", "daun", "fajar", "gunung", "hujan",
    "hutan", "jambu", "kebun", "kelapa", "kopi", "langit", "laut", "madu", "mangga", "padi", "pantai", "pisang",
    "pohon", "sawah", "sungai", "taman", "teduh", "telaga",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """A user to be made; `scope_code` is the place or facility they may see."""

    role: str
    username: str
    password: str
    scope_code: str
    scope_name: str


def invent_logins(geography: Geography, kabupaten: str) -> list[Login]:
    """Dinkes, admin and auditor have the kabupaten, the others the first facility of their kind on the map."""
    names = {place.code: place.name for place in geography.places}
    first = {facility.kind: facility for facility in reversed(geography.facilities)}
    scopes = [("dinkes", kabupaten, names[kabupaten])]
    for role, kind in _PLACES:
        if kind in first:
            scopes.append((role, first[kind].code, first[kind].name))
    scopes.extend((role, kabupaten, names[kabupaten]) for role in ("admin", "auditor"))
    return [Login(role, role, _password(), code, name) for role, code, name in scopes]


def describe(logins: Sequence[Login]) -> str:
    """The logins as lines of text."""
    lines = [
        f"{login.role:<10} {login.username:<10} {login.password:<26} {login.scope_name}" for login in logins
    ]
    return "\n".join([f"{'peran':<10} {'nama':<10} {'kata sandi':<26} wilayah", *lines])


def write_logins(path: Path, logins: Sequence[Login]) -> None:
    """Replaces the file; readable by its owner only from the first byte on."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(describe(logins) + "\n")


def _password() -> str:
    return "-".join([secrets.choice(_WORDS), secrets.choice(_WORDS), str(secrets.randbelow(9000) + 1000)])
