"""The first sync of a place: one packed file of all its records, kept so that a broken download goes on where it broke.

A file stands as long as nobody it holds has left the area, also as a guest whose time is over, and the log has not
grown far past it; the tail brings the rest. Its name is the hash of its content, which is its ETag. On the disk it is
sealed with the keys of NIK: it holds names and numbers of a whole posyandu.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from siklus.access.queries import User
from siklus.care import queries as log
from siklus.kernel.dates import iso
from siklus.kernel.sealing import SealError
from siklus.register import identity
from siklus.sync import area, packing, telling
from siklus.sync.models import Enrolment, Phone
from siklus.sync.packing import ENCODINGS
from siklus.sync.pulling import LogSource

GROWN = 2000
_KEPT = 3
_SORT = "snapshot"
_NAME = re.compile(r"([0-9]{1,19})-([0-9]{1,9})-([0-9a-f]{32})\.(zstd|gzip|identity)\.sealed")
_WRITTEN = ".part"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file with what it is: made at which place in the log and on which day, its tag, how it is packed."""

    path: Path
    seq: int
    day: int
    tag: str
    encoding: str

    def content(self) -> bytes:
        """The packed bytes as a phone gets them. SealError when its key is gone or the file was changed."""
        return identity.keyring().opened_file(_SORT, self.path.read_bytes())


def snapshot_for(phone: Phone, encoding: str, today: int, tag: str = "") -> tuple[Snapshot, bytes]:
    """What a phone should load now, with its packed bytes: the file of this tag as long as it is kept."""
    fit = _fit(phone, encoding, today)
    for each in [*(each for each in fit if each.tag == tag), *reversed(fit)]:
        with suppress(
            SealError, FileNotFoundError
        ):  # a key was dropped, or another worker cleared up: made anew
            return each, each.content()
    made = _keep(_folder(phone), *_written(phone, today), today, encoding)
    return made, made.content()


def prepare(today: int) -> int:
    """Makes the files of places whose code waits to be scanned, so that the first phone need not wait; of how many."""
    offers = Enrolment.objects.filter(phone__isnull=True, expires_at__gt=timezone.now())
    made = 0
    for kind, code in offers.order_by().values_list("scope_kind", "scope_code").distinct():
        phone = Phone(scope_kind=kind, scope_code=code)
        lacking = [encoding for encoding in ENCODINGS[:-1] if not _fit(phone, encoding, today)]
        if lacking:
            upto, plain = _written(phone, today)
            for encoding in lacking:
                _keep(_folder(phone), upto, plain, today, encoding)
            made += 1
    return made


def drop_made_before(moment: float) -> int:
    """Takes away the files made before (seconds since 1970); how many. Who still asks for one gets a new one."""
    found = [path for path in (Path(settings.VAR) / "sync").glob("*/*") if path.stat().st_mtime < moment]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _fit(phone: Phone, encoding: str, today: int) -> list[Snapshot]:
    """The files that may still be handed out, oldest first."""
    user, head = area.eyes_of(phone), log.last_seq()
    kept = _kept(_folder(phone), encoding)
    return [each for each in kept if head - each.seq < GROWN and not _has_left(user, each, today)]


def _written(phone: Phone, today: int) -> tuple[int, bytes]:
    """The place in the log, and everything of the area up to it, one record a line after a head."""
    upto, source = log.last_seq(), LogSource(phone)
    # As text at once: of a puskesmas the rows themselves would fill the memory.
    kept = [
        (handed.row.kind, handed.row.seq, _JSON(telling.record(handed)).encode())
        for handed in log.everything(area.eyes_of(phone), upto)
        if source.may_carry(handed.row.kind, handed.row.data)
    ]
    kept.sort()  # like beside like packs to a seventh less
    head = {
        "protocol": 1, "upto": upto, "records": len(kept), "made": iso(today),
        "cursor": telling.cursor(phone, upto, day=today, places=""),
    }  # fmt: skip
    kept.reverse()
    plain = bytearray(_JSON(head).encode() + b"\n")
    while kept:  # each goes from one into the other: never both whole
        plain += kept.pop()[2] + b"\n"
    return upto, bytes(plain)


def _keep(folder: Path, upto: int, plain: bytes, today: int, encoding: str) -> Snapshot:
    tag = hashlib.sha256(plain).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{upto}-{today}-{tag}.{encoding}.sealed"
    # Whole or not at all: another worker may look while this one writes.
    handle, name = tempfile.mkstemp(dir=folder, suffix=_WRITTEN)
    with os.fdopen(handle, "wb") as file:
        file.write(identity.keyring().seal_file(_SORT, packing.packed(plain, encoding)))
    Path(name).replace(path)
    for old in _kept(folder, encoding)[:-_KEPT]:
        old.path.unlink(missing_ok=True)
    _drop_unsealed(folder.parent)
    return Snapshot(path, upto, today, tag, encoding)


def _drop_unsealed(folder: Path) -> None:
    """Files of an older program, which did not seal them, or did not say their day."""
    for path in folder.glob("*/*"):
        if _NAME.fullmatch(path.name) is None and path.suffix != _WRITTEN:
            path.unlink(missing_ok=True)


def _has_left(user: User, file: Snapshot, today: int) -> bool:
    """True when somebody moved in or out since: then a new file is made, so that no file holds who is not here."""
    has_moved = bool(log.moves(user, file.seq, log.last_seq(), 1))
    return has_moved or file.day > today or bool(log.turned(user, file.day, today))


def _folder(phone: Phone) -> Path:
    ground = telling.ground(phone)
    return Path(settings.VAR) / "sync" / ground


def _kept(folder: Path, encoding: str) -> list[Snapshot]:
    """The files of a place, oldest first."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        match = _NAME.fullmatch(path.name)
        if match is not None and match[4] == encoding:
            found.append(Snapshot(path, int(match[1]), int(match[2]), match[3], encoding))
    return sorted(found, key=lambda each: (each.seq, each.tag))
