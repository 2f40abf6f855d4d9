"""Pertolongan darurat: one person outside the own area, by NIK and with a reason; and the heads' list of such looks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from siklus.access import clock, emergency
from siklus.access.actions import note
from siklus.access.may import LOOK_UP, READ_OPENINGS
from siklus.access.permissions import permissions
from siklus.access.queries import User
from siklus.access.scope import access_persons
from siklus.care.queries import life_of, seen_line, time_line
from siklus.desk import words
from siklus.desk.pages.life import lines_of
from siklus.desk.pages.person import sex_words
from siklus.desk.views.common import only_for, person_href
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.register import areas
from siklus.register.queries import Person

_LONGEST = 300


@sensitive_post_parameters("nik")
@require_http_methods(["GET", "POST"])
@only_for(LOOK_UP)
def look_up(request: HttpRequest) -> HttpResponse:
    """The form; after it the one person, on the answer itself: there is no address to come back to."""
    user = request.user
    assert isinstance(user, User)
    context: dict[str, Any] = {"nik": "", "why": "", "problem": ""}
    if request.method == "POST":
        nik = "".join(letter for letter in request.POST.get("nik", "") if letter.isdigit())
        why = request.POST.get("alasan", "").strip()[:_LONGEST]
        context |= {"nik": nik, "why": why}
        if not nik or not emergency.is_reason(why):
            context["problem"] = _("Tulis NIK lengkap, dan alasan yang dapat dimengerti orang lain.")
        else:
            try:
                person = emergency.look_up(user, nik, why)
            except emergency.NoneLeft:
                person = None
                context["problem"] = _(
                    "Batas hari ini sudah habis. Telepon puskesmas tempat orang itu tinggal."
                )
            else:
                if person is None:
                    context["problem"] = _("Tidak ada satu orang dengan NIK itu di sini. Periksa angkanya.")
                elif access_persons(user).filter(id=person.id).exists():
                    return HttpResponseRedirect(person_href(person.id))
                else:
                    context |= _shown(user, person) | {"nik": "", "why": ""}
    left = emergency.left_today(user)
    context["left"] = ngettext("Sisa %(n)s kali hari ini.", "Sisa %(n)s kali hari ini.", left) % {"n": left}
    return render(request, "desk/emergency.html", context)


@require_safe
@only_for(READ_OPENINGS)
def openings(request: HttpRequest) -> HttpResponse:
    """Who looked beyond their area, at whom, and why; opening it is a line of the audit too."""
    found = emergency.openings(request.user)
    note(request.user, emergency.READ)
    lines = [
        {
            "when": words.moment(each.at), "who": each.who, "why": each.why,
            "person": each.name or format_record_id(each.person),
            "href": person_href(each.person) if each.name else "",
        }
        for each in found
    ]  # fmt: skip
    return render(request, "desk/openings.html", {"lines": lines})


def _shown(user: User, person: Person) -> dict[str, Any]:
    """Who it is, where they are cared for, and what was last written, as far as this user may read it."""
    book, today = load_book(), clock.today()
    events = seen_line(user, time_line(person.id))[: permissions().emergency.records]
    names = areas.names_of({person.desa_code, person.posyandu_code, person.puskesmas_code} - {""})
    facts = (
        (_("Nomor"), format_record_id(person.id)),
        (_("Jenis kelamin"), sex_words(person.sex)),
        (_("Umur"), words.age(person.birth, today)),
        (_("Lahir"), words.day(person.birth)),
        (_("Desa"), names.get(person.desa_code, "")),
        (_("Posyandu"), names.get(person.posyandu_code, "")),
        (_("Puskesmas"), names.get(person.puskesmas_code, "")),
        (_("HP"), person.phone),
    )
    lines = lines_of(
        events, book.vocabulary, needs={need.name: need.title for need in book.needs},
        person=life_of(person.id, today).person, today=today, for_kader=False,
    )  # fmt: skip
    return {"name": person.name, "facts": [each for each in facts if each[1]], "lines": lines}
