"""How phones and refusals are put into words for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from siklus.kernel.problems import Problem
from siklus.sync.area import SCOPE_KINDS as PLACE_KINDS
from siklus.sync.models import (
    ACCEPTED,
    ACTIVE,
    DISMISSED,
    EMPTY,
    LOST,
    MENDED,
    OPEN,
    SUSPENDED,
    WIPE,
    WIPED,
    Refusal,
)
from siklus.sync.queries import PhoneLine

__all__ = ("PLACE_KINDS",)

MINUTE = 60
REFUSAL_WORDS = {
    OPEN: lambda: _("Menunggu"),
    ACCEPTED: lambda: _("Diterima kemudian"),
    MENDED: lambda: _("Dibetulkan"),
    DISMISSED: lambda: _("Dikesampingkan"),
}


@dataclass(frozen=True, slots=True)
class PhoneWords:
    """One phone as a line of the list and as the head of its page."""

    device: int
    name: str
    place: str
    state: str
    why: str
    is_active: bool
    is_edge: bool
    is_wiped: bool
    lost: int | None
    writers: str
    last_contact: datetime | None
    pending: str
    missing: str
    refused: int
    app: str
    clock: str


@dataclass(frozen=True, slots=True)
class Step:
    """A button with what it does."""

    state: str
    word: str
    hint: str


def phone_words(line: PhoneLine) -> PhoneWords:
    """A phone in words; what it never said is a dash."""
    row = line.phone
    return PhoneWords(
        device=row.device_id, name=row.name, place=line.place, state=state_words(row.state), why=row.why,
        is_active=row.state == ACTIVE, is_edge=row.is_edge,
        is_wiped=row.state == WIPED, lost=row.pending,
        writers=", ".join(each.name for each in line.writers if each.may_write),
        last_contact=row.last_contact, pending="–" if row.pending is None else str(row.pending),
        missing=", ".join(_run(*run) for run in line.missing), refused=line.refused, app=row.app_version or "–",
        clock=_clock(row.clock_offset) if line.is_clock_off else "",
    )  # fmt: skip


def state_words(state: str) -> str:
    """How a phone stands."""
    return {
        ACTIVE: _("Dipakai"),
        SUSPENDED: _("Dihentikan"),
        LOST: _("Dilaporkan hilang"),
        EMPTY: _("Akan mengirim semuanya lalu dihapus"),
        WIPE: _("Akan dihapus saat terhubung"),
        WIPED: _("Isinya sudah dihapus"),
    }[state]


def steps_from(state: str, *, is_edge: bool = False) -> tuple[Step, ...]:
    """What may be done with a phone, or the server of a puskesmas, that stands like that."""
    if is_edge:
        return _steps_of_an_edge(state)
    active = Step(ACTIVE, _("Pakai lagi"), _("Ponsel boleh mengirim dan menerima lagi."))
    stop = Step(
        SUSPENDED, _("Hentikan"), _("Ponsel tidak dapat mengirim atau menerima. Catatannya tetap di ponsel.")
    )
    lost = Step(LOST, _("Laporkan hilang"), _("Seperti dihentikan, dan tercatat hilang."))
    wipe = Step(
        WIPE, _("Hapus isinya"), _("Saat terhubung, ponsel menghapus semua isinya, juga yang belum terkirim.")
    )
    return {
        ACTIVE: (stop, lost, wipe),
        SUSPENDED: (active, lost, wipe),
        LOST: (active, wipe),
        WIPE: (lost,),
    }.get(state, ())


def _steps_of_an_edge(state: str) -> tuple[Step, ...]:
    active = Step(ACTIVE, _("Pakai lagi"), _("Server boleh mengirim dan menerima lagi."))
    stop = Step(
        SUSPENDED, _("Hentikan"), _("Server tidak dapat mengirim atau menerima. Catatannya tetap di sana.")
    )
    lost = Step(LOST, _("Laporkan hilang"), _("Seperti dihentikan, dan tercatat hilang."))
    empty = Step(
        EMPTY, _("Kirim dulu, lalu hapus"),
        _("Saat terhubung, server mengirim semua catatannya, lalu menghapus semua isi dan cadangannya."),
    )  # fmt: skip
    wipe = Step(
        WIPE,
        _("Hapus sekarang"),
        _("Saat terhubung, server menghapus semua isinya, juga yang belum terkirim."),
    )
    return {
        ACTIVE: (stop, lost, empty, wipe),
        SUSPENDED: (active, lost, empty, wipe),
        LOST: (active, empty, wipe),
        EMPTY: (lost, wipe),
        WIPE: (lost,),
    }.get(state, ())


def said_of_step(state: str) -> str:
    """What was done."""
    return {
        ACTIVE: _("Perangkat dipakai lagi."),
        SUSPENDED: _("Perangkat dihentikan."),
        LOST: _("Perangkat dicatat hilang."),
        EMPTY: _("Server mengirim semua catatannya saat terhubung berikutnya, lalu isinya dihapus."),
        WIPE: _("Isi perangkat dihapus saat terhubung berikutnya."),
    }[state]


def lacking(what: str) -> str:
    """What has to be written first."""
    return {
        "users": _("Pilih sedikitnya satu pemakai."),
        "reason": _("Tulis dahulu alasannya."),
    }.get(what, _("Tulis dahulu alasannya."))


def problem_words(problem: Problem) -> str:
    """A problem as a sentence, with its field and what to do."""
    field = problem.where.rpartition(", ")[2] if ", " in problem.where else ""
    said = f"{field}: {problem.found}" if field else problem.found
    return ". ".join(part for part in (said, problem.todo) if part)


def can_mend(row: Refusal) -> bool:
    """A number that two records claim cannot be put right here, nor what has no number."""
    return row.state == OPEN and not row.is_conflict and row.key is not None


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _clock(offset: int | None) -> str:
    minutes = round(abs(offset or 0) / MINUTE)
    if (offset or 0) > 0:
        return _("jam ponsel %(n)d menit terlalu cepat") % {"n": minutes}
    return _("jam ponsel %(n)d menit terlambat") % {"n": minutes}
