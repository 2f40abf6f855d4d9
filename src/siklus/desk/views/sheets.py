"""Rekapitulasi: a sheet of a place and a period, counted as it is opened. Nobody's name stands on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siklus.access import clock
from siklus.access.may import COUNT_SHEETS, DOWNLOAD_SHEETS, may, may_read_figure
from siklus.desk import figures, words
from siklus.desk.pages import sheets as page_of
from siklus.desk.views.common import PLACE, chosen_area, one_of, only_for, own_place, place_choices, xlsx
from siklus.kernel.periods import Period, parse_period
from siklus.library.forms import load_forms
from siklus.library.forms.reports import Report
from siklus.library.loading import load_book
from siklus.monitoring.sheet_book import workbook_of
from siklus.monitoring.sheets import Sheet, sheet_of
from siklus.register.areas import Area

PERIOD = "masa"
_SMALL = ("puskesmas", "pustu", "desa", "posyandu")
_FEW_PEOPLE = ("pustu", "desa", "posyandu")
"""Where a figure of one person points at somebody."""


@require_safe
@only_for(COUNT_SHEETS)
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The figures of a sheet; while no place is chosen only the choices, since a wide place takes its time."""
    report, today = _report(name), clock.today()
    area, period = _area(request), _period(request, report, today)
    options = page_of.periods_of(report, today)
    shown = area if area is not None else chosen_area(request)
    crumbs = ((_("Formulir"), reverse("desk:forms")), (report.title, ""))
    choices = (
        *place_choices(request.user, shown),
        figures.choice_of(PERIOD, _("Masa"), options, period.name),
    )
    if area is None:
        asks = _("Pilih posyandu atau desa, lalu tampilkan.")
        page = page_of.SheetPage(title=report.title, crumbs=crumbs, choices=choices, asks=asks)
        return render(request, "desk/sheet.html", {"page": page})
    found = sheet_of(request.user, name, area.code, period, today)
    query = figures.encoded({PLACE: area.code, PERIOD: period.name})
    page = page_of.SheetPage(
        title=report.title,
        crumbs=crumbs,
        choices=choices,
        place=area.name,
        period=dict(options)[period.name],
        day=words.day(found.as_of),
        lines=page_of.lines_of(found, load_book().vocabulary, _closed(request, report, area)),
        groups=page_of.groups_of(report),
        note=_("%(note)s Sumber: %(cites)s.") % {"note": report.note, "cites": report.cites},
        xlsx=f"{reverse('desk:sheet_xlsx', args=[name])}?{query}"
        if may(request.user, DOWNLOAD_SHEETS)
        else "",
    )
    return render(request, "desk/sheet.html", {"page": page})


@require_safe
@only_for(DOWNLOAD_SHEETS)
def download(request: HttpRequest, name: str) -> HttpResponse:
    """The same as a workbook in the shape of the printed form; a kader prints the page instead."""
    report, today = _report(name), clock.today()
    area, period = _area(request), _period(request, report, today)
    if area is None:
        raise Http404
    found: Sheet = sheet_of(request.user, name, area.code, period, today)
    return xlsx(f"{name}-{period.name}-{area.code}", workbook_of(found, _closed(request, report, area)))


def _closed(request: HttpRequest, report: Report, area: Area) -> frozenset[str]:
    """The columns whose figure this user may not read here."""
    is_small = area.kind in _FEW_PEOPLE
    return frozenset(
        column.name
        for column in report.columns
        if not may_read_figure(request.user, column.reads, is_small=is_small)
    )


def _report(name: str) -> Report:
    report = load_forms().reports.get(name)
    if report is None:
        raise Http404
    return report


def _area(request: HttpRequest) -> Area | None:
    """The place asked for; a posyandu sees its own at once, whoever sees more chooses first."""
    area = chosen_area(request)
    is_chosen = PLACE in request.GET or area.kind == "posyandu" or area.code != own_place(request.user)
    return area if is_chosen and area.kind in _SMALL else None


def _period(request: HttpRequest, report: Report, today: int) -> Period:
    values = [value for value, _words in page_of.periods_of(report, today)]
    return parse_period(one_of(request.GET.get(PERIOD), values, values[0]))
