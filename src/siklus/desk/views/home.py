"""The home of the user's area."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from siklus.access import clock, emergency
from siklus.access.actions import note
from siklus.access.may import READ_AUDIT, SEE_FIGURES, may, packages_offered
from siklus.access.queries import visitor
from siklus.access.scope import SEE_PERSONS
from siklus.care.queries import (
    NeedFilter,
    dangers_of,
    need_counts,
    needs_as_of,
    persons_by_area,
    persons_with,
)
from siklus.desk import figures, words
from siklus.desk.pages import home as page_of
from siklus.desk.pages import spm as spm_page
from siklus.desk.views.common import PLACE, own_area, packages_listed, place_crumbs
from siklus.desk.views.dangers import lines_for
from siklus.desk.views.spm import figures_of_home
from siklus.kernel import dates, periods
from siklus.library.loading import load_book
from siklus.library.stages import load_stages
from siklus.register import areas
from siklus.register.areas import Area

_SHORTFALLS = 3
_DANGERS = 5


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits in my area: by stage of life, by place, and where SPM lags. Who sees nobody begins elsewhere."""
    if not may(request.user, SEE_PERSONS):
        return HttpResponseRedirect(reverse("desk:audit" if may(request.user, READ_AUDIT) else "desk:who"))
    user, area, today = request.user, own_area(request.user), clock.today()
    who = visitor(user)
    found = dangers_of(user, limit=_DANGERS)
    if found.lines:
        note(user, "lihat daftar nama", "bahaya", "beranda")
    persons = {**persons_with(user, today), "danger": found.persons}
    addresses = page_of.Addresses(needs=reverse("desk:needs"), dangers=reverse("desk:dangers"))
    counts = [
        *(
            page_of.PackageCount(package=c.package, status=c.status, persons=c.persons)
            for c in need_counts(user, today)
        ),
        *(
            page_of.PackageCount(package=package, status="danger", persons=n)
            for package, n in found.persons_by_package.items()
        ),
    ]
    offered = {*packages_listed(user), *(found.persons_by_package.keys() & packages_offered(user).keys())}
    packages = {need.package.name: need.package for need in load_book().needs if need.package.name in offered}
    page = page_of.HomePage(
        greeting=page_of.greeting_at(timezone.localtime().hour, who.name),
        as_of=figures.as_of(needs_as_of(user), today),
        crumbs=place_crumbs(user, area, reverse("desk:home")),
        lead=page_of.lead_of(persons),
        dangers=lines_for(user, found.lines, today),
        dangers_all=figures.door(found.persons if found.persons > len(found.lines) else 0, addresses.dangers),
        groups_title=_("Yang perlu dilayani di %(place)s") % {"place": area.name},
        columns=page_of.columns(),
        groups=page_of.group_rows(counts, tuple(packages.values()), load_stages(), addresses),
        totals=page_of.totals_of(persons, addresses),
        places_title=_places_title(area),
        places=page_of.place_rows(_places(request, area), PLACE, addresses),
        shortfalls=_shortfalls(request, area, today) if may(user, SEE_FIGURES) else (),
        spm_href=reverse("desk:spm"),
    )
    count = emergency.unread(user)
    openings = page_of.openings_words(count) if count else ""
    return render(request, "desk/home.html", {"page": page, "openings": openings})


def _part_kind(area: Area) -> str:
    """By what an area is split on its home page; empty when it has no parts."""
    return {areas.KABUPATEN: "puskesmas", "puskesmas": "posyandu", "pustu": "posyandu"}.get(area.kind, "")


def _places_title(area: Area) -> str:
    return {"puskesmas": _("Menurut puskesmas"), "posyandu": _("Menurut posyandu")}.get(_part_kind(area), "")


def _places(request: HttpRequest, area: Area) -> list[page_of.PlaceCount]:
    kind = _part_kind(area)
    if not kind:
        return []
    by_status = {
        status: persons_by_area(request.user, NeedFilter(statuses=(status,)), kind)
        for status in ("overdue", "due")
    }
    return [
        page_of.PlaceCount(
            part.name, part.code, {status: found.get(part.code, 0) for status, found in by_status.items()}
        )
        for part in areas.areas_under(area.code, kind)
    ]


def _shortfalls(request: HttpRequest, area: Area, today: int) -> tuple[page_of.Shortfall, ...]:
    year = dates.year_of(today)
    rows = figures_of_home(request, area, year)
    titles = spm_page.short_titles([it.indicator for it in rows])
    behind = spm_page.shortfalls(rows, periods.year(year), today, spm_page.TARGET)
    return tuple(
        page_of.Shortfall(
            titles[it.indicator.name],
            reverse("desk:spm_names", args=[it.indicator.name]),
            words.share(it.complete, it.target if it.target is not None else it.registered),
        )
        for it in behind[:_SHORTFALLS]
    )
