"""The page "PWS dan indikator" and the names behind its numbers; opening names is logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import SEE_FIGURES, may_open_names, open_components
from siklus.access.queries import person_lines
from siklus.desk import figures, words
from siklus.desk.pages import dashboard as page_of
from siklus.desk.pages import figure_names, reasons
from siklus.desk.pages.dashboard import Row, Table, Value
from siklus.desk.views.common import (
    PLACE,
    chosen_area,
    one_of,
    only_for,
    own_place,
    page_number,
    place_choices,
    place_crumbs,
)
from siklus.kernel import periods
from siklus.kernel.dates import MONTHS_PER_YEAR, date_of
from siklus.kernel.periods import Period
from siklus.library.dashboards import Dashboard, Line, load_dashboards
from siklus.library.loading import load_book
from siklus.library.splits import age_groups, fact_splits
from siklus.monitoring import figures as monitoring
from siklus.monitoring.openings import HAVING, LOOKS
from siklus.monitoring.openings import figure_names as names_of
from siklus.monitoring.queries import ALL, PAGE_SIZE
from siklus.monitoring.targets import target_finder
from siklus.register.areas import Area

DASHBOARD, MONTH, LINE, COMPONENT, LOOK = "dasbor", "bulan", "baris", "komponen", "lihat"


@only_for(SEE_FIGURES)
def dashboard(request: HttpRequest) -> HttpResponse:
    """All lines of a dashboard, or one of them by its parts, by month and by age."""
    area, today = chosen_area(request), clock.today()
    shown = _dashboard(request)
    month = _month(request, today)
    line = next((each for each in shown.lines if each.key == request.GET.get(LINE)), None)
    look = _Look(request, shown, area, month, today)
    counted = monitoring.counted_on(month.name)
    title = words.titled(shown.title, shown.title_en)
    page = page_of.DashboardPage(
        title=title if line is None else f"{title}: {words.titled(line.title, line.title_en)}",
        as_of=figures.as_of(counted.as_of if counted else None, month.cut_off(today)),
        crumbs=place_crumbs(request.user, area, reverse("desk:dashboard"), look.query),
        lead=figures.sentence(look.lead(counted is not None)),
        choices=(
            figures.choice_of(
                DASHBOARD, _("Dasbor"),
                [(each.key, words.titled(each.title, each.title_en)) for each in load_dashboards()], shown.key,
            ),
            *place_choices(request.user, area),
            figures.choice_of(MONTH, _("Bulan"), _months(today), month.name),
        ),
        hidden=((LINE, line.key),) if line else (),
        first=_("Indikator") if line is None else _("Tempat"),
        tables=look.all_lines() if line is None else look.one_line(line),
        back="?" + figures.encoded(look.query) if line else "",
        notes=look.notes(line),
        empty_title=_("Belum dihitung."),
        empty_said=_("Angka bulan ini dihitung tiap malam, atau dengan perintah siklus figures."),
    )  # fmt: skip
    return render(request, "desk/dashboard.html", {"page": page})


@only_for(SEE_FIGURES)
def names(request: HttpRequest, indicator: str) -> HttpResponse:
    """The people behind one number of a month."""
    area, today = chosen_area(request), clock.today()
    rule = load_book().indicator(indicator) if indicator in _monthly() else None
    if rule is None:
        raise Http404
    if not may_open_names(request.user, rule):
        raise PermissionDenied
    month = _month(request, today)
    component = one_of(request.GET.get(COMPONENT), open_components(request.user, rule), "")
    look = one_of(request.GET.get(LOOK), LOOKS, HAVING if component else ALL)
    found = names_of(
        request.user,
        indicator,
        month,
        area.code,
        today,
        component=component,
        look=look,
        page=page_number(request),
    )
    note(
        request.user, "lihat daftar nama", indicator, f"{area.code} {month.name} {look} {component}".rstrip()
    )
    query = {
        PLACE: "" if area.code == own_place(request.user) else area.code,
        MONTH: month.name, COMPONENT: component, LOOK: look,
    }  # fmt: skip
    persons = person_lines(request.user, {line.person_id for line in found.lines})
    first = (found.page - 1) * PAGE_SIZE + 1
    shown = _("Nama %(first)s–%(last)s dari %(all)s") % {
        "first": words.number(first if found.lines else 0),
        "last": words.number(first + len(found.lines) - 1 if found.lines else 0),
        "all": words.number(found.total),
    }
    here = reverse("desk:figure_names", args=[indicator])
    page = figure_names.FigureNamesPage(
        title=figure_names.title_of(rule, component, look),
        as_of=figures.as_of(month.cut_off(today), month.cut_off(today)),
        crumbs=place_crumbs(request.user, area, here, query),
        choices=place_choices(request.user, area),
        hidden=tuple((name, value) for name, value in query.items() if name != PLACE and value),
        tabs=figure_names.tabs_of(rule, component, look, query),
        listed=shown,
        lines=tuple(
            figure_names.line_of(persons[line.person_id], line, number, today)
            for number, line in enumerate(found.lines, first)
            if line.person_id in persons
        ),
        pager=figures.pager_of(shown, page=found.page, pages=found.pages, query=query),
        source=_("Penyebut: %(official)s. Sumber: %(cites)s (%(confidence)s).")
        % {
            "official": rule.official, "cites": rule.cites,
            "confidence": reasons.confidence_words(rule.confidence),
        },
        empty_said=_("Terlalu banyak orang untuk dibaca sekaligus: pilih desa atau posyandu.")
        if found.must_narrow
        else _("Tidak ada seorang pun dalam daftar ini."),
    )  # fmt: skip
    return render(request, "desk/figure_names.html", {"page": page})


class _Look:
    """What is being looked at, and what its lines come to."""

    def __init__(self, request: HttpRequest, shown: Dashboard, area: Area, month: Period, today: int) -> None:
        self.request, self.shown, self.area, self.month, self.today = request, shown, area, month, today
        date = date_of(month.start)
        self.year = date.year
        self.months = tuple(periods.month(date.year, number).name for number in range(1, date.month + 1))
        self.earlier = self.months[:-1] or (periods.month_of(month.start - 1).name,)
        self.targets = target_finder(date.year)
        indicators = {name for line in shown.lines for name in line.indicators}
        asked = {*self.months, *self.earlier}
        self.found = monitoring.figures_at(request.user, area.code, asked, indicators)
        self.indicators = indicators
        self.query = {
            DASHBOARD: shown.key,
            PLACE: "" if area.code == own_place(request.user) else area.code,
            MONTH: "" if month == periods.month_of(today) else month.name,
        }

    def lead(self, is_counted: bool) -> str:
        """What the page is about."""
        if not is_counted:
            return _("Angka %(month)s belum dihitung.") % {"month": words.month(self.month.start)}
        return _("**%(month)s**, %(place)s. Panah membandingkan dengan bulan sebelumnya.") % {
            "month": words.month(self.month.start), "place": self.area.name,
        }  # fmt: skip

    def all_lines(self) -> tuple[Table, ...]:
        """Every line of the dashboard at the place."""
        if not self.found:
            return ()
        return tuple(
            Table(
                title=words.titled(section.title, section.title_en),
                rows=tuple(row for line in section.lines for row in self._rows(line)),
            )
            for section in self.shown.sections
        )

    def one_line(self, line: Line) -> tuple[Table, ...]:
        """One line at the place, by its parts (those with the best share first), by month, by age."""
        if not self.found:
            return ()
        parts = monitoring.figures_under(
            self.request.user, self.area.code, {*self.months, *self.earlier}, line.indicators
        )
        rows = [(self._value(line, part.found, part.area), part) for part in parts]
        rows.sort(key=lambda pair: (pair[0].ratio is None, -(pair[0].ratio or 0), pair[1].area.name))
        tables = [Table(title=_("Semua"), rows=tuple(self._rows(line)))]
        if rows:
            by_parts = (self._part_row(line, value, part) for value, part in rows)
            tables.append(Table(title=self._parts_title(), rows=tuple(by_parts)))
        tables.append(Table(title=_("Menurut bulan"), rows=tuple(self._month_rows(line))))
        tables.append(
            Table(
                title=_("Menurut umur, bulan ini"),
                rows=self._split_rows(line, page_of.age_rows(self._split(line), age_groups())),
            )
        )
        for by in fact_splits():
            title = _("Menurut %(fact)s, bulan ini") % {"fact": words.titled(by.title, by.title_en).lower()}
            rows_of = page_of.fact_rows(self._split(line, by.fact), by)
            tables.append(Table(title=title, rows=self._split_rows(line, rows_of)))
        return tuple(table for table in tables if table.rows)

    def _split_rows(self, line: Line, found: Iterable[tuple[str, int, int, int]]) -> tuple[Row, ...]:
        return tuple(
            page_of.row_of(
                title, line, _plain(male + female + other), _NOTHING, split={"l:": male, "p:": female}
            )
            for title, male, female, other in found
        )

    def notes(self, line: Line | None) -> tuple[str, ...]:
        """What must be said under the tables."""
        notes = [self.shown.note] if self.shown.note else []
        for each in [line] if line else self.shown.lines:
            if each.goal is not None:
                notes.append(
                    _("Batas: %(title)s (%(cites)s).") % {"title": each.goal.title, "cites": each.goal.cites}
                )
        missing = [name for name in self.months if name not in monitoring.counted_periods(self.months)]
        if missing and self.found and any(each.adds for each in self.shown.lines):
            notes.append(_("Belum dihitung: %(months)s.") % {"months": ", ".join(missing)})
        if line is not None:
            rule = load_book().indicator(line.part.indicator)
            notes.append(
                _("Sumber: %(cites)s (%(confidence)s).")
                % {"cites": rule.cites, "confidence": reasons.confidence_words(rule.confidence)}
            )
        return tuple(notes)

    def _places_row(self, line: Line) -> Row:
        """Of a goal judged for each village: how many of those at or below this place keep it."""
        goal = line.goal
        assert goal is not None
        below = monitoring.figures_of_kind(
            self.request.user, self.area.code, goal.of, {*self.months, *self.earlier}, line.indicators
        )

        def counted(months: Sequence[str]) -> Value:
            kept = [page_of.keeps(goal, self._value(line, part.found, part.area, months)) for part in below]
            judged = [each for each in kept if each is not None]
            return Value(month=None, part=sum(judged), whole=len(judged))

        return page_of.row_of(
            words.titled(goal.places, goal.places_en),
            line,
            counted(self.months),
            counted(self.earlier),
            href="?" + figures.encoded({**self.query, LINE: line.key}),
            is_of_places=True,
        )

    def _value(self, line: Line, found: monitoring.Found, area: Area, months: Sequence[str] = ()) -> Value:
        def target_of(indicator: str) -> int | None:
            return self.targets(indicator, area.code).value

        return page_of.value_of(line, found, months or self.months, target_of)

    def _rows(self, line: Line) -> Iterator[Row]:
        yield self._row(line)
        if line.goal is not None and line.goal.places:
            yield self._places_row(line)

    def _row(self, line: Line) -> Row:
        now = self._value(line, self.found, self.area)
        before = self._value(line, self.found, self.area, self.earlier)
        return page_of.row_of(
            words.titled(line.title, line.title_en), line, now, before,
            href="?" + figures.encoded({**self.query, LINE: line.key}),
            names=self._names(line, self.area), split=self._split(line),
        )  # fmt: skip

    def _part_row(self, line: Line, value: Value, part: monitoring.FiguresOfPart) -> Row:
        before = self._value(line, part.found, part.area, self.earlier)
        counted = part.found.get((self.month.name, line.part.indicator))
        return page_of.row_of(
            part.area.name, line, value, before,
            href="?" + figures.encoded({**self.query, PLACE: part.area.code, LINE: line.key}),
            names=self._names(line, part.area),
            split=counted.split(line.part.what) if counted else {},
        )  # fmt: skip

    def _month_rows(self, line: Line) -> list[Row]:
        rows = []
        for n, name in enumerate(self.months):
            now = self._value(line, self.found, self.area, self.months[: n + 1])
            before = self._value(line, self.found, self.area, self.months[:n]) if n else _NOTHING
            period = periods.parse_period(name)
            rows.append(page_of.row_of(words.month(period.start), line, now, before))
        return rows

    def _split(self, line: Line, fact: str = "") -> dict[str, int]:
        counted = self.found.get((self.month.name, line.part.indicator))
        return counted.split(line.part.what, fact) if counted else {}

    def _names(self, line: Line, area: Area) -> str:
        rule = load_book().indicator(line.part.indicator)
        if not may_open_names(self.request.user, rule):
            return ""
        component = line.part.what if line.part.what in rule.components else ""
        if component and component not in open_components(self.request.user, rule):
            return ""
        query = {
            PLACE: "" if area.code == own_place(self.request.user) else area.code,
            MONTH: self.month.name, COMPONENT: component, LOOK: HAVING if component else ALL,
        }  # fmt: skip
        return reverse("desk:figure_names", args=[rule.name]) + "?" + figures.encoded(query)

    def _parts_title(self) -> str:
        kind = monitoring.parts_of(self.area)
        return {"puskesmas": _("Menurut puskesmas"), "posyandu": _("Menurut posyandu")}.get(
            kind, _("Menurut desa")
        )


_NOTHING = Value(month=None, part=None, whole=None)


def _plain(number: int) -> Value:
    return Value(month=number, part=number, whole=None)


def _dashboard(request: HttpRequest) -> Dashboard:
    every = {each.key: each for each in load_dashboards()}
    return every[one_of(request.GET.get(DASHBOARD), every, next(iter(every)))]


def _monthly() -> set[str]:
    return {each.name for each in load_book().indicators if each.period == "month"}


def _month(request: HttpRequest, today: int) -> Period:
    offered = [name for name, _title in _months(today)]
    return periods.parse_period(one_of(request.GET.get(MONTH), offered, offered[0]))


def _months(today: int) -> list[tuple[str, str]]:
    """This month and those before it, a year of them."""
    found = [periods.month_of(today)]
    while len(found) < MONTHS_PER_YEAR:
        found.append(periods.month_of(found[-1].start - 1))
    return [(period.name, words.month(period.start)) for period in found]
