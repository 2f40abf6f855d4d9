"""Writing a record of a person at the desk, putting one right, taking one back. Everything goes through the one door.

Nothing typed is lost: what is refused comes back with what to do. A form that is sent twice is kept once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siklus.access import clock, tickets
from siklus.access.actions import note
from siklus.access.may import RECORD, may_read_record, may_write_kind, may_write_record
from siklus.access.queries import User, access_person, person_lines
from siklus.care import actions
from siklus.care.queries import newest_version, openings_of
from siklus.desk import record_form as form
from siklus.desk import words
from siklus.desk.pages import record as page_of
from siklus.desk.pages.search import address_words
from siklus.desk.record_form import Typed
from siklus.desk.typed import sentence
from siklus.desk.views.common import only_for, person_crumbs, person_href
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.monitoring.actions import settle_outcomes
from siklus.records.drafts import DraftRecord, Outcome, StoredRecord
from siklus.records.persons import ENTRUSTING
from siklus.register import queries as register
from siklus.register.queries import Person
from siklus.rules.vocabulary import Kind

TICKET = "karcis"
TAKE_BACK = "batalkan"


@require_http_methods(["GET", "POST"])
@only_for(RECORD)
def new(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new record: its kind first, then its fields; an address may bring some of them filled in."""
    who = access_person(request.user, person_id)
    book = load_book()
    kind = book.vocabulary.kinds.get((request.POST or request.GET).get(form.KIND, ""))
    may_write = partial(may_write_kind, request.user)
    if kind is None or not page_of.may_be_new(kind) or not may_write(kind.name):
        context = {
            "choice": page_of.kind_choice(book.vocabulary, may_write),
            "who": _who(request, who),
            "back": person_href(who.id),
            "crumbs": person_crumbs(request.user, who, _("Catat layanan")),
        }
        return render(request, "desk/record_kind.html", context)
    if request.method == "GET":
        usual = {form.DAY: words.day_slashed(clock.today()), form.PLACE: getattr(request.user, "role", "")}
        brought = form.typed_from(request.GET, kind).values
        values = {**brought, **{name: brought.get(name) or said for name, said in usual.items()}}
        return _shown(request, who, kind, Typed(values), {}, None)
    if tickets.is_used(request.POST.get(TICKET, "")):
        return _was_kept(request, who)
    typed = form.typed_from(request.POST, kind)
    found = form.read(typed, kind)
    problems = found.problems or _closed_to(request, kind, found)
    if problems:
        return _shown(request, who, kind, typed, problems, None)
    draft = DraftRecord(
        kind=kind.name, on=found.on, data=found.data, person=who.id, by_role=found.by_role,
        place_kind=found.place_kind,
    )  # fmt: skip
    with (
        transaction.atomic()
    ):  # the record, what follows from it and the line of the audit: all of them or none
        (outcome,) = actions.append_records(
            [draft], author=_user(request), today=clock.today(), refresh=False
        )
        return _answered(request, who, kind, typed, outcome, None, "catat", _("%(kind)s dicatat."))


@require_http_methods(["GET", "POST"])
@only_for(RECORD)
def change(request: HttpRequest, person_id: int, record_id: int) -> HttpResponse:
    """A record that was kept: put right, or taken back, with the reason. The old words stay in the history."""
    who = access_person(request.user, person_id)
    record = _record_of(request, who, record_id)
    if record.kind == ENTRUSTING:  # not by who is the host: on that page only the home ends or prolongs
        return HttpResponseRedirect(reverse("desk:entrust", args=[who.id]))
    kind = load_book().vocabulary.kinds[record.kind]
    if request.method == "GET":
        note(request.user, "buka catatan", format_record_id(record.root))
        return _shown(request, who, kind, form.typed_of(record, kind), {}, record)
    if tickets.is_used(request.POST.get(TICKET, "")):
        return _was_kept(request, who)
    typed = form.typed_from(request.POST, kind)
    lacking = {} if typed.why else {form.WHY: form.why_is_missing()}
    user, today = _user(request), clock.today()
    if request.POST.get("aksi") == TAKE_BACK:
        if lacking:
            return _shown(request, who, kind, typed, lacking, record)
        with transaction.atomic():
            outcome = actions.void_record(record.root, author=user, why=typed.why, today=today, refresh=False)
            return _answered(
                request, who, kind, typed, outcome, record, "batalkan catatan", _("%(kind)s dibatalkan.")
            )
    found = form.read(typed, kind)
    problems = {**(found.problems or _closed_to(request, kind, found)), **lacking}
    if problems:
        return _shown(request, who, kind, typed, problems, record)
    with transaction.atomic():
        outcome = actions.correct_record(
            record.root, author=user, why=typed.why, changes=found.data, on=found.on, by_role=found.by_role,
            place_kind=found.place_kind, today=today, refresh=False,
        )  # fmt: skip
        return _answered(
            request, who, kind, typed, outcome, record, "perbaiki catatan", _("%(kind)s diperbaiki.")
        )


def _record_of(request: HttpRequest, who: Person, record_id: int) -> StoredRecord:
    """An effective record of this person or of one merged into them; for anything else there is no such page.

    Nor is there for a record of a class of secret that this user does not read.
    """
    record = newest_version(record_id)
    if (
        record is None
        or record.is_void
        or record.person is None
        or register.survivor_of(record.person) != who.id
    ):
        raise Http404(record_id)
    if not may_read_record(request.user, record.kind, record.data):
        raise Http404(record_id)
    return record


def _closed_to(request: HttpRequest, kind: Kind, found: form.Read) -> dict[str, str]:
    """What this user may not write, by the word that makes it a secret; empty when they may."""
    if may_write_record(request.user, kind.name, found.data):
        return {}
    told = [
        name
        for name, value in found.data.items()
        if not may_write_record(request.user, kind.name, {name: value})
    ]
    return dict.fromkeys(told or [form.WHOLE], _("Ini hanya dicatat oleh petugas yang merawatnya."))


def _answered(
    request: HttpRequest, who: Person, kind: Kind, typed: Typed, outcome: Outcome, record: StoredRecord | None,
    action: str, said: str,
) -> HttpResponse:  # fmt: skip
    """Back to the person with what was done, or the form again with what the door said."""
    if not outcome.is_accepted:
        return _shown(request, who, kind, typed, form.problems_of(outcome.problems, kind), record)
    if not tickets.use(request.POST.get(TICKET, "")):
        transaction.set_rollback(True)
        return _was_kept(request, who)
    settle_outcomes([outcome], clock.today())
    root = record.root if record is not None else outcome.key or 0
    note(request.user, action, format_record_id(root), kind.name)
    messages.success(request, said % {"kind": kind.title})
    if not _may_read_again(request, kind, outcome, record):
        messages.info(request, _("Setelah ini hanya petugas yang merawatnya dapat membacanya."))
    for odd in outcome.odd:
        messages.warning(request, _("Dicatat, tetapi periksa lagi: %(what)s") % {"what": sentence(odd)})
    return HttpResponseRedirect(person_href(who.id))


def _was_kept(request: HttpRequest, who: Person) -> HttpResponse:
    messages.info(request, _("Catatan ini sudah disimpan tadi."))
    return HttpResponseRedirect(person_href(who.id))


def _shown(
    request: HttpRequest, who: Person, kind: Kind, typed: Typed, problems: Any, record: StoredRecord | None
) -> HttpResponse:
    book = load_book()
    page = page_of.record_page(
        kind, typed, book.vocabulary, book.needs, problems, who=_who(request, who), back=person_href(who.id),
        crumbs=person_crumbs(request.user, who, _("Catat layanan") if record is None else _("Perbaiki catatan")),
        is_new=record is None,
        openings=_openings(request, who, kind),
    )  # fmt: skip
    ticket = request.POST.get(TICKET) or tickets.new()
    return render(request, "desk/record.html", {"page": page, "ticket": ticket})


def _may_read_again(request: HttpRequest, kind: Kind, outcome: Outcome, record: StoredRecord | None) -> bool:
    """May the writer read what was just written? A bidan of a pustu writes a test for HIV, and reads none."""
    key = record.root if record is not None else outcome.key
    kept = newest_version(key) if key is not None else None
    return kept is None or may_read_record(request.user, kind.name, kept.data)


def _openings(request: HttpRequest, who: Person, kind: Kind) -> tuple[StoredRecord, ...]:
    """The records that this one may be said to belong to, of those that the user may read."""
    found = () if kind.episode is None else openings_of(who.id, kind.episode)
    return tuple(each for each in found if may_read_record(request.user, each.kind, each.data))


def _who(request: HttpRequest, who: Person) -> str:
    """Enough to be sure that it is the right one."""
    line = person_lines(request.user, [who.id])[who.id]
    parts = (
        who.name,
        words.age(who.birth, clock.today()),
        address_words(line.rt, line.desa_name),
        line.posyandu_name,
    )
    return " · ".join(part for part in parts if part)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
