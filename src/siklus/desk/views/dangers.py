"""The list of dangers of the user's area; opening it is logged."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import packages_offered, reads_plainly
from siklus.access.queries import person_lines
from siklus.access.scope import SEE_PERSONS, Visitor
from siklus.care.queries import DangerLine, dangers_of
from siklus.desk import figures, words
from siklus.desk.pages import dangers as page_of
from siklus.desk.views.common import (
    one_of,
    only_for,
    own_area,
    page_number,
    person_href,
    place_crumbs,
)
from siklus.library.loading import load_book

PACKAGE = "paket"
_A_PAGE = 50


@only_for(SEE_PERSONS)
def dangers(request: HttpRequest) -> HttpResponse:
    """Whose last measurement asks for action at once, newest first."""
    area, today, asked = own_area(request.user), clock.today(), page_number(request)
    offered = packages_offered(request.user)
    judged = {rule.package.name: rule.package.title for rule in load_book().classifications}
    packages = {name: title for name, title in judged.items() if name in offered}
    package = one_of(request.GET.get(PACKAGE), packages, "")
    found = dangers_of(request.user, package=package)
    shown = found.lines[(asked - 1) * _A_PAGE : asked * _A_PAGE]
    if shown:
        note(request.user, "lihat daftar nama", "bahaya", package)
    here, query = reverse("desk:dangers"), {PACKAGE: package}
    said = _("%(first)s–%(last)s dari %(all)s") % {
        "first": words.number((asked - 1) * _A_PAGE + 1),
        "last": words.number((asked - 1) * _A_PAGE + len(shown)),
        "all": words.number(len(found.lines)),
    }
    title = _("Tangani dulu: %(place)s") % {"place": area.name}
    page = page_of.DangersPage(
        title=f"{title} · {packages[package]}" if package else title,
        crumbs=place_crumbs(request.user, area, here, query),
        lead=figures.sentence(
            _("**%(n)s orang**: hasil ukur terakhirnya perlu ditangani sekarang, belum ada yang lebih baru.")
            % {"n": words.number(found.persons)}
        ),
        lines=lines_for(request.user, shown, today),
        pager=figures.pager_of(said, page=asked, pages=max(1, -(-len(found.lines) // _A_PAGE)), query=query),
        empty_title=_("Tidak ada bahaya yang tercatat di wilayah Anda."),
        empty_said=_("Diperiksa hasil ukur terakhir setiap orang, keadaan per %(day)s.")
        % {"day": words.day(today)},
    )
    return render(request, "desk/dangers.html", {"page": page})


def lines_for(user: Visitor, found: Sequence[DangerLine], today: int) -> tuple[page_of.DangerLine, ...]:
    """The dangers with the names of those people, all of them in scope."""
    persons = person_lines(user, {line.person_id for line in found})
    return page_of.danger_lines(
        found,
        persons,
        {key: person_href(key) for key in persons},
        {rule.name: rule for rule in load_book().classifications},
        today=today,
        for_kader=not reads_plainly(user),
    )
