"""Everything held of one person, for that person: to read, to print, or as a file. Taking it out is logged."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import HAND_OUT
from siklus.access.queries import access_person
from siklus.access.sessions import asking_again
from siklus.care.dossier import dossier
from siklus.desk.pages.held import held_page
from siklus.desk.views.common import only_for, person_crumbs
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book


@only_for(HAND_OUT)
@asking_again
def held(request: HttpRequest, person_id: int) -> HttpResponse:
    """The page; with `berkas=json` the same as a file."""
    who = access_person(request.user, person_id)
    name, is_file = format_record_id(who.id), request.GET.get("berkas") == "json"
    note(request.user, "unduh data orang" if is_file else "buka data orang", name)
    told: dict[str, Any] = dossier(request.user, who)
    if is_file:
        answer = HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="data-{name}.json"'
        return answer
    page = held_page(
        told, load_book().vocabulary, clock.today(), person_crumbs(request.user, who, _("Semua data"))
    )
    return render(request, "desk/held.html", {"page": page})
