"""Titipan: the page on which the home of a person entrusts their care to a second area, prolongs it or ends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import ENTRUST
from siklus.access.queries import User, access_person
from siklus.access.scope import NotInScope, Visitor, is_at_home
from siklus.care import entrusting
from siklus.care.entrusting import Time
from siklus.care.queries import times_on
from siklus.desk import words
from siklus.desk.pages import guests as page_of
from siklus.desk.pages.person import Notice
from siklus.desk.typed import read_day, sentence
from siklus.desk.views.common import only_for, person_crumbs, person_href
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.library.loading import load_book
from siklus.monitoring.actions import settle_outcomes
from siklus.records.drafts import Outcome
from siklus.register import areas
from siklus.register.queries import Person

PUSKESMAS, TIME, NEW, PROLONG, END = "puskesmas", "titipan", "titipkan", "ubah", "akhiri"
_LONGEST = 200


@require_http_methods(["GET", "POST"])
@only_for(ENTRUST)
def entrust(request: HttpRequest, person_id: int) -> HttpResponse:
    """Those going on and those that were, and a new one. For the host of a guest there is no such page."""
    who = access_person(request.user, person_id)
    if not is_at_home(request.user, who.id):
        raise NotInScope(person_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _done(request, who)
        if not problems:
            return HttpResponseRedirect(reverse("desk:entrust", args=[who.id]))
    times, today = entrusting.times_of(who.id), clock.today()
    codes = load_book().vocabulary.codes["sebab_titip"]
    chosen = request.POST.get(PUSKESMAS) or request.GET.get(PUSKESMAS) or who.puskesmas_code
    page = page_of.entrust_page(
        name=who.name,
        times=times,
        names=areas.names_of({time.to for time in times}),
        reasons={code.name: code.label for code in codes.values()},
        units=_units(chosen, who),
        centres=[(area.code, area.name) for area in areas.everywhere("puskesmas")],
        chosen=chosen,
        typed={name: request.POST.get(name, "") for name in page_of.TYPED},
        problems=problems,
        today=today,
        crumbs=person_crumbs(request.user, who, _("Titipan")),
        back=person_href(who.id),
    )
    return render(request, "desk/entrust.html", {"page": page})


def visit_notice(user: Visitor, who: Person, today: int) -> Notice | None:
    """What the person page says of a guest, at home and where they are."""
    time = times_on([who.id], today).get(who.id)
    if time is None:
        return None
    day = words.day(time.last)
    if is_at_home(user, who.id):
        place = areas.names_of([time.to]).get(time.to, time.to)
        title = _("Dititipkan ke %(place)s sampai %(day)s") % {"place": place, "day": day}
        return Notice("info", title, _("Kedua wilayah melihat satu riwayat. Sesudah itu tertutup sendiri."))
    code = who.posyandu_code or who.desa_code or who.puskesmas_code
    title = _("Titipan dari %(place)s sampai %(day)s") % {
        "place": areas.names_of([code]).get(code, code),
        "day": day,
    }
    return Notice("info", title, _("Tempat tinggalnya dan angkanya tetap di wilayah asal."))


def _units(puskesmas: str, who: Person) -> list[tuple[str, str]]:
    """The places under a puskesmas, itself first; not where the person has their home."""
    here = areas.place_or_facility(puskesmas)
    if here is None or here.kind != "puskesmas":
        return []
    found = [here, *areas.areas_under(here.code, "pustu"), *areas.areas_under(here.code, "posyandu")]
    return [
        (area.code, area.name) for area in found if area.code not in (who.posyandu_code, who.puskesmas_code)
    ]


def _done(request: HttpRequest, who: Person) -> dict[str, str]:
    """Does what was asked; what is wrong with it by field, nothing when it was done."""
    user, today = request.user, clock.today()
    assert isinstance(user, User)
    action, said = request.POST.get("aksi", ""), {}
    days: dict[str, int] = {}
    for name in {NEW: (entrusting.FIRST, entrusting.LAST), PROLONG: (entrusting.LAST,)}.get(action, ()):
        told, problem = read_day(request.POST.get(name, "").strip())
        if told is None:
            said[name] = problem
        else:
            days[name] = parse_day(told)
    if said:
        return said
    try:
        with transaction.atomic():
            outcome = _asked(request, user, who, action, days, today)
            if not outcome.is_accepted:
                return {problem.where.rpartition(", ")[2]: sentence(problem) for problem in outcome.problems}
            settle_outcomes([outcome], today)
            note(user, f"titipan: {action}", format_record_id(who.id))
    except entrusting.TooLong as error:
        most = _("Paling lama %(n)s hari. Yang lebih lama dicatat sebagai pindah.") % {
            "n": words.number(error.most)
        }
        return {entrusting.LAST: most}
    except entrusting.NotElsewhere:
        return {entrusting.TO: _("Pilih tempat lain dari wilayahnya sendiri.")}
    messages.success(request, page_of.done_words(action))
    return {}


def _asked(
    request: HttpRequest, user: User, who: Person, action: str, days: dict[str, int], today: int
) -> Outcome:
    post: Any = request.POST
    if action == NEW:
        return entrusting.entrust(
            user, who.id, to=post.get(entrusting.TO, ""), first=days[entrusting.FIRST], last=days[entrusting.LAST],
            why=post.get(entrusting.WHY, ""), remark=post.get(entrusting.REMARK, "").strip()[:_LONGEST], today=today,
        )  # fmt: skip
    time = _time_of(post.get(TIME, ""), who)
    if action == END:
        return entrusting.end(user, time, why=_("diakhiri"), today=today)
    if action == PROLONG:
        return entrusting.prolong(user, time, days[entrusting.LAST], why=_("tanggal diubah"), today=today)
    raise NotInScope(action)


def _time_of(text: str, who: Person) -> Time:
    try:
        key = parse_record_id(text)
    except ValueError as error:
        raise NotInScope(text) from error
    found = next((time for time in entrusting.times_of(who.id) if time.id == key), None)
    if found is None:
        raise NotInScope(text)
    return found
