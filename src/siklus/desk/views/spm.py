"""The SPM page of a place and the names behind each of its numbers; opening names is logged."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import SEE_FIGURES, may_open_names
from siklus.access.queries import PersonLine, person_lines
from siklus.access.sessions import asking_again
from siklus.desk import figures, words
from siklus.desk.pages import reasons, spm_names
from siklus.desk.pages import spm as page_of
from siklus.desk.pages.listed import listed_person
from siklus.desk.pages.person import sex_letter
from siklus.desk.views.common import (
    PLACE,
    chosen_area,
    one_of,
    only_for,
    own_place,
    page_number,
    place_choices,
    place_crumbs,
    workbook,
)
from siklus.kernel import dates, periods
from siklus.library.loading import load_book
from siklus.library.splits import age_groups, fact_splits
from siklus.monitoring import figures as counted_figures
from siklus.monitoring import queries as monitoring
from siklus.register import areas
from siklus.register.areas import Area
from siklus.rules.book import Indicator

YEAR, OUT_OF, LOOK, COMPONENT = "tahun", "dari", "lihat", "komponen"
STATES = {
    page_of.LACKING: monitoring.LACKING,
    page_of.COMPLETE: monitoring.COMPLETE,
    page_of.REACHED: monitoring.REACHED,
    page_of.ALL: monitoring.ALL,
    page_of.UNCLEAR: monitoring.UNCLEAR,
}
_MENU = 3
_ALL_ROWS = 1_000_000


@only_for(SEE_FIGURES)
def spm(request: HttpRequest) -> HttpResponse:
    """All indicators of a place in a year."""
    area, today = chosen_area(request), clock.today()
    year = _year(request, today)
    found = monitoring.spm_page(request.user, year, area.code)
    out_of = one_of(request.GET.get(OUT_OF), (page_of.TARGET, page_of.REGISTERED), page_of.TARGET)
    rows = [_figures(row, year) for row in found.rows]
    period, titles = periods.year(year), page_of.short_titles([it.indicator for it in rows])
    query = {PLACE: _place_in_query(request, area), YEAR: _year_in_query(year, today)}
    page = page_of.SpmPage(
        title=_("SPM kesehatan %(year)s") % {"year": year},
        as_of=figures.as_of(found.as_of.on_day if found.as_of else None, period.cut_off(today)),
        crumbs=place_crumbs(request.user, area, reverse("desk:spm"), {**query, OUT_OF: request.GET.get(OUT_OF, "")}),
        lead=page_of.lead_of(rows, period=period, today=today, out_of=out_of),
        choices=(
            *place_choices(request.user, area),
            figures.choice_of(
                OUT_OF,
                _("Persentase dari"),
                [(page_of.TARGET, _("Sasaran proyeksi")), (page_of.REGISTERED, _("Orang terdaftar"))],
                out_of,
            ),
            figures.choice_of(YEAR, _("Tahun"), _years(today), str(year)),
        ),
        rows=tuple(
            page_of.row_of(
                it, title=titles[it.indicator.name], period=period, today=today, out_of=out_of, query=query,
                address=_names_at(request, it.indicator),
            )
            for it in rows
        ),
        notes=page_of.notes_of(rows, out_of),
        empty_title=_("Belum ada layanan SPM di buku aturan ini."),
        empty_said="",
    )  # fmt: skip
    return render(request, "desk/spm.html", {"page": page})


@only_for(SEE_FIGURES)
def names(request: HttpRequest, indicator: str) -> HttpResponse:
    """The people behind one number."""
    area, today = chosen_area(request), clock.today()
    rule, year = _indicator_to_open(request, indicator), _year(request, today)
    which, component = _look(request, rule)
    found = monitoring.spm_names(
        request.user,
        indicator,
        year,
        area.code,
        component=component,
        state=STATES[which],
        page=page_number(request),
    )
    note(request.user, "lihat daftar nama", indicator, f"{area.code} {year} {which} {component}".rstrip())
    query = {PLACE: _place_in_query(request, area), YEAR: _year_in_query(year, today)}
    look = {**query, LOOK: which, COMPONENT: component}
    it = _figures(found.row, year)
    first = (found.page - 1) * monitoring.PAGE_SIZE + 1
    persons = person_lines(request.user, {line.person_id for line in found.lines})
    shown = _("Nama %(first)s–%(last)s dari %(all)s") % {
        "first": words.number(first if found.lines else 0),
        "last": words.number(first + len(found.lines) - 1 if found.lines else 0),
        "all": words.number(found.total),
    }
    here, counted = reverse("desk:spm_names", args=[indicator]), monitoring.as_of(year)
    page = spm_names.SpmNamesPage(
        title=spm_names.title_of(rule, which),
        as_of=figures.as_of(counted.on_day if counted else None, periods.year(year).cut_off(today)),
        crumbs=place_crumbs(request.user, area, here, look),
        sums=spm_names.sum_line(it, area.name),
        parts_title=_parts_title(area),
        parts=_parts(request, rule, year, area, query),
        are_parts_open=area.kind == areas.KABUPATEN,
        splits=_splits(request, rule, year, area),
        tabs=spm_names.tabs_of(
            it, found.row.lacking_by_component, found.row.unknown_by_component, which=which, component=component,
            query=query,
        ),
        tabs_label=_("Menurut komponen"),
        listed=shown,
        lines=tuple(
            _name_line(persons[line.person_id], line, rule, str(first + n), today)
            for n, line in enumerate(found.lines)
            if line.person_id in persons
        ),
        pager=figures.pager_of(shown, page=found.page, pages=found.pages, query=look),
        xlsx=reverse("desk:spm_names_xlsx", args=[indicator]) + "?" + figures.encoded(look),
        source=_("Penyebut: %(official)s. Sumber: %(cites)s (%(confidence)s).")
        % {
            "official": rule.official,
            "cites": rule.cites,
            "confidence": reasons.confidence_words(rule.confidence),
        },
        empty_said=_("Tidak ada seorang pun dalam daftar ini."),
    )  # fmt: skip
    return render(request, "desk/spm_names.html", {"page": page})


@only_for(SEE_FIGURES)
@asking_again
def download(request: HttpRequest, indicator: str) -> HttpResponse:
    """The same people as a workbook, all pages."""
    area, today = chosen_area(request), clock.today()
    rule, year = _indicator_to_open(request, indicator), _year(request, today)
    which, component = _look(request, rule)
    found = monitoring.spm_names(
        request.user, indicator, year, area.code, component=component, state=STATES[which], size=_ALL_ROWS
    )
    note(request.user, "unduh daftar nama", indicator, f"{area.code} {year} {which} {component}".rstrip())
    persons = person_lines(request.user, {line.person_id for line in found.lines})
    columns = (
        _("Nama"), _("NIK"), _("JK"), _("Tanggal lahir"), _("Ibu"), _("RT"), _("Desa"), _("Posyandu"),
        _("Yang kurang"), _("Yang belum diketahui"),
    )  # fmt: skip
    rows = (
        _sheet_row(persons[line.person_id], line, rule) for line in found.lines if line.person_id in persons
    )
    return workbook(f"{indicator}-{year}-{area.code}", columns, rows)


def figures_of_home(request: HttpRequest, area: Area, year: int) -> list[page_of.Figures]:
    """The figures of the area for the home page."""
    return [_figures(row, year) for row in monitoring.spm_page(request.user, year, area.code).rows]


def _parts_title(area: Area) -> str:
    return {areas.KABUPATEN: _("Menurut puskesmas"), areas.DESA: _("Menurut posyandu")}.get(
        area.kind, _("Menurut desa")
    )


def _parts(
    request: HttpRequest, rule: Indicator, year: int, area: Area, query: dict[str, str]
) -> tuple[spm_names.PartRow, ...]:
    """The parts of the place, those with most to do first; none of a posyandu, which has no parts."""
    if area.kind == "posyandu":
        return ()
    found = monitoring.spm_parts(request.user, rule.name, year, area.code)
    here = reverse("desk:spm_names", args=[rule.name])
    return tuple(
        spm_names.part_row(
            part.area.name if part.area else _("Tempatnya belum diketahui"),
            _figures(part.row, year),
            f"{here}?{figures.encoded({**query, PLACE: part.area.code})}" if part.area else "",
        )
        for part in sorted(found, key=lambda part: -part.row.lacking)
    )


def _splits(request: HttpRequest, rule: Indicator, year: int, area: Area) -> tuple[spm_names.SplitRow, ...]:
    """By sex and age group, then by facts such as disability, as last counted in the night."""
    names = [period.name for period in periods.yearly(year, clock.today()) if period.kind == rule.period]
    found = counted_figures.figures_at(request.user, area.code, names, [rule.name])
    counted = found.get((names[0], rule.name)) if names else None
    if counted is None:
        return ()
    rows = list(spm_names.split_rows(counted.split("registered"), counted.split("complete"), age_groups()))
    for by in fact_splits():
        registered, complete = (counted.split(what, by.fact) for what in ("registered", "complete"))
        rows += spm_names.fact_split_rows(registered, complete, by)
    return tuple(rows)


def _figures(row: monitoring.SpmRow, year: int) -> page_of.Figures:
    indicator = load_book().indicator(row.indicator)
    whole, *others = periods.yearly(year, clock.today())
    return page_of.Figures(
        indicator=indicator,
        target=row.target,
        registered=row.registered,
        reached=row.reached,
        complete=row.complete,
        unclear=row.unclear,
        period=next((other for other in others if other.kind == indicator.period != whole.kind), None),
    )


def _indicator(name: str) -> Indicator:
    if name not in monitoring.indicator_names():
        raise Http404
    return load_book().indicator(name)


def _indicator_to_open(request: HttpRequest, name: str) -> Indicator:
    """An indicator whose names this user may see; of a secret one only the staff of the puskesmas."""
    rule = _indicator(name)
    if not may_open_names(request.user, rule):
        raise PermissionDenied
    return rule


def _names_at(request: HttpRequest, rule: Indicator) -> str:
    return reverse("desk:spm_names", args=[rule.name]) if may_open_names(request.user, rule) else ""


def _look(request: HttpRequest, rule: Indicator) -> tuple[str, str]:
    which = one_of(request.GET.get(LOOK), STATES, page_of.LACKING)
    component = one_of(request.GET.get(COMPONENT), rule.components, "")
    return which, component if which == page_of.LACKING else ""


def _year(request: HttpRequest, today: int) -> int:
    return int(one_of(request.GET.get(YEAR), dict(_years(today)), str(dates.year_of(today))))


def _years(today: int) -> list[tuple[str, str]]:
    this = dates.year_of(today)
    return [(str(year), str(year)) for year in range(this, this - _MENU, -1)]


def _year_in_query(year: int, today: int) -> str:
    return "" if year == dates.year_of(today) else str(year)


def _place_in_query(request: HttpRequest, area: Area) -> str:
    return "" if area.code == own_place(request.user) else area.code


def _name_line(
    person: PersonLine, line: monitoring.NameLine, rule: Indicator, number: str, today: int
) -> spm_names.NameLine:
    return spm_names.NameLine(
        person=listed_person(person, number, today),
        lacking=_components(line.lacking, rule),
        unknown=_components(line.unknown, rule),
    )


def _sheet_row(person: PersonLine, line: monitoring.NameLine, rule: Indicator) -> tuple[str, ...]:
    return (
        person.name, person.nik, sex_letter(person.sex),
        "" if person.birth is None else words.day_slashed(person.birth), person.mother_name, person.rt,
        person.desa_name, person.posyandu_name, "; ".join(_components(line.lacking, rule)),
        "; ".join(_components(line.unknown, rule)),
    )  # fmt: skip


def _components(names_: Iterable[str], rule: Indicator) -> tuple[str, ...]:
    return tuple(spm_names.component_words(rule, name) for name in names_)
