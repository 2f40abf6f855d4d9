"""What stands around every page: who is logged in and for which area, the rail of that role, the as-of line.

Rooms that the desk may not import (the import pages) are reached by the name of their address, if it is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access import queries as access
from siklus.access.may import (
    IMPORT,
    KEEP_DEVICES,
    LOOK_UP,
    MANAGE_USERS,
    MERGE_PERSONS,
    READ_AUDIT,
    READ_OPENINGS,
    READ_REVIEWS,
    READ_RULES,
    REGISTER,
    SEE_FIGURES,
    SEE_TASKS,
    TRY_RULES,
    may,
)
from siklus.access.scope import SEE_PERSONS, Visitor
from siklus.care.queries import persons_with
from siklus.desk import words
from siklus.doubles.queries import waiting
from siklus.library.loading import load_book
from siklus.register import queries as register

_BOOK_DIGITS = 8


@dataclass(frozen=True, slots=True)
class RailItem:
    """A way to a page. `key` is the letter after `g`; `count` is written beside what waits, empty when nothing does."""

    word: str
    href: str
    key: str
    count: str = ""
    is_open: bool = False
    is_this_page: bool = False


@dataclass(frozen=True, slots=True)
class RailGroup:
    """A heading of the rail with its pages."""

    title: str
    items: tuple[RailItem, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything `base.html` needs. `book` is the version of the rule book, `printed` the moment for the print head."""

    name: str
    role: str
    office: str
    rail: tuple[RailGroup, ...]
    as_of_day: str
    as_of_hour: str
    book: str
    is_sample: bool
    printed: str
    query: str


def frame_for(request: HttpRequest) -> Frame | None:
    """The frame of this request; None for a visitor who has not logged in."""
    user = request.user
    if not user.is_authenticated:
        return None
    now = timezone.localtime()
    today, hour = words.day(clock.today()), words.hour(now)
    visitor = access.visitor(user)
    return Frame(
        name=visitor.name,
        role=role_words(visitor.role),
        office=visitor.office,
        rail=_rail(user, request.path),
        as_of_day=today,
        as_of_hour=hour,
        book=load_book().hash[:_BOOK_DIGITS],
        is_sample=register.is_sample(),
        printed=f"{today} {hour}",
        query=request.GET.get("q", "")[:80] if request.path == reverse("desk:search") else "",
    )


def role_words(role: str) -> str:
    """The role as people say it."""
    return {
        "dinkes": _("Dinas Kesehatan"),
        "puskesmas": _("Petugas puskesmas"),
        "kepala": _("Kepala puskesmas"),
        "pustu": _("Petugas pustu"),
        "kader": _("Kader"),
        "admin": _("Pengelola sistem"),
        "auditor": _("Auditor"),
    }.get(role, role)


def _rail(user: Visitor, here: str) -> tuple[RailGroup, ...]:
    """The pages that a user may open. Beside the list stands how many people are overdue."""
    overdue = persons_with(user, clock.today()).get("overdue", 0)
    pages = (
        (_("Pekerjaan"), (
            (SEE_PERSONS, _("Beranda"), "desk:home", "b", 0),
            (SEE_PERSONS, _("Yang perlu dilayani"), "desk:needs", "k", overdue),
            (SEE_TASKS, _("Tugas"), "desk:tasks", "j", 0),
            (SEE_PERSONS, _("Cari orang"), "desk:search", "c", 0),
            (REGISTER, _("Daftarkan"), "desk:registers", "r", 0),
            (READ_RULES, _("Siapa berhak apa"), "desk:who", "h", 0),
            (LOOK_UP, _("Pertolongan darurat"), "desk:emergency", "l", 0),
        )),
        (_("Pemantauan"), (
            (SEE_FIGURES, _("SPM"), "desk:spm", "s", 0),
            (SEE_FIGURES, _("PWS dan indikator"), "desk:dashboard", "p", 0),
        )),
        (_("Bersama"), (
            (READ_REVIEWS, _("Formulir"), "desk:forms", "f", 0),
            (MERGE_PERSONS, _("Kemungkinan ganda"), "desk:doubles", "n", waiting(user)),
            (IMPORT, _("Impor data"), "impor:daftar", "i", 0),
            (KEEP_DEVICES, _("Perangkat"), "perangkat:daftar", "d", 0),
            (TRY_RULES, _("Uji aturan"), "desk:trials", "u", 0),
            (READ_REVIEWS, _("Telaah aturan"), "desk:reviews", "t", 0),
            (MANAGE_USERS, _("Pengguna"), "desk:users", "o", 0),
            (READ_RULES, _("Kata sandi saya"), "desk:password", "w", 0),
            (READ_RULES, _("Kode masuk saya"), "desk:second_step", "m", 0),
            (READ_AUDIT, _("Catatan akses"), "desk:audit", "a", 0),
            (READ_OPENINGS, _("Pembukaan darurat"), "desk:openings", "e", 0),
        )),
    )  # fmt: skip
    shown = (
        RailGroup(
            title,
            tuple(
                item
                for act, word, view, key, count in entries
                if may(user, act) and (item := _item(word, view, key, count, here)) is not None
            ),
        )
        for title, entries in pages
    )
    return tuple(group for group in shown if group.items)


def _item(word: str, view: str, key: str, count: int, here: str) -> RailItem | None:
    try:
        href = reverse(view)
    except NoReverseMatch:
        return None
    is_within = href != "/" and here.startswith(href)
    shown = words.compact(count) if count else ""
    return RailItem(word, href, key, shown, is_open=here == href or is_within, is_this_page=here == href)
