"""Search by name, NIK or No KK within the user's area."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.queries import find_persons
from siklus.access.scope import SEE_PERSONS
from siklus.desk.pages.search import search_page
from siklus.desk.views.common import only_for, person_href
from siklus.desk.views.register import ways_in
from siklus.library.stages import load_stages

_MOST = 50
_LONGEST = 80


@only_for(SEE_PERSONS)
def search(request: HttpRequest) -> HttpResponse:
    """The people found. A whole number of a card that finds one person opens that person."""
    asked = " ".join(request.GET.get("q", "")[:_LONGEST].split())
    found = find_persons(request.user, asked, _MOST)
    if len(found.persons) == 1 and asked == found.persons[0].nik:
        return HttpResponseRedirect(person_href(found.persons[0].id))
    if found.persons:
        note(request.user, "cari orang", "", f"{found.total} ditemukan")
    hrefs = {person.id: person_href(person.id) for person in found.persons}
    page = search_page(asked, found, hrefs, stages=load_stages(), today=clock.today())
    context = {"page": page, "ways_in": ways_in(request.user, asked) if asked else ()}
    return render(request, "desk/search.html", context)
