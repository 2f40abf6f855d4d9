"""The list of who needs a service: filtered, by family, printable, as a workbook. Opening names is logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import may_name, reads_plainly
from siklus.access.queries import person_lines
from siklus.access.scope import SEE_PERSONS
from siklus.access.sessions import asking_again
from siklus.care.queries import (
    NeedFilter,
    NeedLine,
    Time,
    guests_in,
    guests_list,
    needs_list,
    persons_by_area,
    times_on,
)
from siklus.desk import figures, statuses, words
from siklus.desk.pages import needs as page_of
from siklus.desk.pages import reasons
from siklus.desk.pages.services import Telling
from siklus.desk.views.common import (
    PLACE,
    chosen_area,
    family_href,
    one_of,
    only_for,
    own_place,
    packages_listed,
    page_number,
    person_href,
    place_choices,
    place_crumbs,
    workbook,
)
from siklus.library.loading import load_book
from siklus.library.stages import load_stages
from siklus.register import areas
from siklus.register import queries as register
from siklus.register.areas import Area


class _Place(TypedDict, total=False):
    puskesmas: str
    desa: str
    desas: tuple[str, ...]
    posyandu: str


PACKAGE, NEED, STATUS, AT = "paket", "layanan", "status", "di"
EVERY, NOW = "semua", "sekarang"
FAMILIES_A_PAGE = 25
WHOLE = "semua"
_POSYANDU = "posyandu"
"""The kind of area and the place of a service go by the same word."""
_PRINTED_WHOLE = (_POSYANDU, areas.DESA)


@only_for(SEE_PERSONS)
def needs(request: HttpRequest) -> HttpResponse:
    """The families of a place with those of them who wait, in the order somebody walks."""
    area, today = chosen_area(request), clock.today()
    wanted, query = _wanted(request, area)
    is_small = area.kind in _PRINTED_WHOLE
    is_whole = is_small and request.GET.get(figures.PAGE) == WHOLE
    asked = 1 if is_whole else page_number(request)
    found = needs_list(request.user, wanted, today, page=asked, size=0 if is_whole else FAMILIES_A_PAGE)
    guests = () if found.must_narrow or asked > 1 else guests_in(request.user, wanted, today)
    if found.lines or guests:
        note(
            request.user,
            "lihat daftar nama",
            "kebutuhan",
            figures.encoded({**query, figures.PAGE: WHOLE if is_whole else str(asked)}),
        )
    size = max(1, found.total_households if is_whole else FAMILIES_A_PAGE)
    pages = max(1, -(-found.total_households // size))
    here, book = reverse("desk:needs"), load_book()
    page = page_of.NeedsPage(
        title=_("Yang perlu dilayani: %(place)s") % {"place": area.name},
        as_of=figures.as_of(found.as_of, today),
        crumbs=place_crumbs(request.user, area, here, query),
        lead=page_of.lead_of(found.total_persons, found.total_households, found.persons_by_status)
        if not found.must_narrow
        else page_of.wide_lead_of(found.total_persons, found.persons_by_status),
        choices=_choices(request, area, query),
        families=page_of.family_blocks(
            found.lines,
            _names(found.lines, today),
            {need.name: need for need in book.needs},
            _telling(request, today),
        ),
        guests=_guests(request, wanted, guests, today),
        narrower=tuple(_narrower(request, wanted, query)) if found.must_narrow else (),
        pager=figures.pager_of(
            _("Keluarga %(first)s–%(last)s dari %(all)s")
            % {
                "first": words.number((asked - 1) * size + 1),
                "last": words.number(min(asked * size, found.total_households)),
                "all": words.number(found.total_households),
            },
            page=asked,
            pages=pages,
            query=query,
        ),
        whole="?" + figures.encoded({**query, figures.PAGE: WHOLE}) if is_small and pages > 1 else "",
        open_day=_open_day(area, query),
        xlsx=reverse("desk:needs_xlsx") + "?" + figures.encoded(query) if found.lines else "",
        foot=page_of.foot_of(),
        empty_title=_("Tidak ada yang menunggu di sini."),
        empty_said=_("Diperiksa menurut pilihan di atas, keadaan per %(day)s.") % {"day": words.day(today)},
    )
    return render(request, "desk/needs.html", {"page": page})


@only_for(SEE_PERSONS)
@asking_again
def download(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, all pages."""
    area, today = chosen_area(request), clock.today()
    wanted, query = _wanted(request, area)
    found = needs_list(request.user, wanted, today, size=0)
    note(request.user, "unduh daftar nama", "kebutuhan", figures.encoded(query))
    book, names = load_book(), _names(found.lines, today)
    persons = person_lines(request.user, {line.person_id for line in found.lines})
    rows = (
        page_of.sheet_row(
            line, persons[line.person_id].nik, names, book.need(line.need), book.vocabulary, today,
            for_kader=not reads_plainly(request.user),
        )
        for line in found.lines
        if line.person_id in persons
    )  # fmt: skip
    return workbook(
        f"kebutuhan-{area.code}-{words.day_slashed(today).replace('/', '')}", page_of.sheet_columns(), rows
    )


def _open_day(area: Area, query: dict[str, str]) -> str:
    """The address of all that the next posyandu day can do, whole and ready for paper; "" elsewhere."""
    sheet = {STATUS: NOW, AT: _POSYANDU, figures.PAGE: WHOLE}
    return "?" + figures.encoded({**query, **sheet}) if area.kind == _POSYANDU else ""


def _telling(request: HttpRequest, today: int) -> Telling:
    stages = load_stages()
    return Telling(
        vocabulary=load_book().vocabulary, stages=stages, today=today,
        titles={**packages_listed(request.user), **stages.short},
        for_kader=not reads_plainly(request.user),
    )  # fmt: skip


def _wanted(request: HttpRequest, area: Area) -> tuple[NeedFilter, dict[str, str]]:
    """The filter of the address, and the same choices for the addresses on the page. Unknown words are no choice."""
    package = request.GET.get(PACKAGE, "")
    package = package if package in packages_listed(request.user) else ""
    need = request.GET.get(NEED, "")
    need = need if need in _needs_offered(request, package) else ""
    # Over a whole district only what is kept as a sum can be counted in time: what can be done now.
    is_wide = area.kind == areas.KABUPATEN
    status = one_of(request.GET.get(STATUS), ("", NOW, EVERY, *statuses.OPEN, "missed"), "")
    status = NOW if is_wide and not status else status
    asked = {"": statuses.OPEN, EVERY: (), NOW: ("overdue", "due")}.get(status, (status,))
    at = "" if is_wide else one_of(request.GET.get(AT), ("", *_places_offered()), "")
    wanted = NeedFilter(
        package=package,
        need=need,
        needs=_done_at(at) if at else None,
        statuses=asked,
        **_place(request, area),
    )
    query = {
        PLACE: "" if area.code == own_place(request.user) else area.code,
        PACKAGE: package,
        NEED: need,
        STATUS: status,
        AT: at,
    }
    return wanted, query


def _place(request: HttpRequest, area: Area) -> _Place:
    """The filter of a place: none for the user's whole scope, villages together for what is made of villages."""
    if area.code == own_place(request.user):
        return {}
    match area.kind:
        case "puskesmas":
            return {"puskesmas": area.code}
        case "posyandu":
            return {"posyandu": area.code}
        case areas.DESA:
            return {"desa": area.code}
        case _:
            return {"desas": tuple(desa.code for desa in areas.areas_under(area.code, areas.DESA))}


def _needs_offered(request: HttpRequest, package: str) -> dict[str, str]:
    """The needs a menu may name: of the package, without those that would name what this user may not know."""
    return {
        need.name: reasons.title_of(need)
        for need in load_book().needs
        if need.is_sought and (not package or need.package.name == package) and may_name(request.user, need)
    }


def _places_offered() -> dict[str, str]:
    """Where somebody can be served who is sought out, in the order of the vocabulary."""
    book = load_book()
    found = {performer.at for need in book.needs if need.is_sought for performer in need.by}
    return {
        at: code.label.partition(" (")[0]
        for at, code in book.vocabulary.codes["tempat"].items()
        if at in found
    }


def _done_at(at: str) -> tuple[str, ...]:
    return tuple(need.name for need in load_book().needs if any(each.at == at for each in need.by))


def _choices(request: HttpRequest, area: Area, query: dict[str, str]) -> tuple[figures.Choice, ...]:
    packages = packages_listed(request.user)
    needs_ = _needs_offered(request, query[PACKAGE]) if query[PACKAGE] else {}
    status_words = {
        **({} if area.kind == areas.KABUPATEN else {"": _("Yang masih terbuka")}),
        NOW: _("Terlambat dan waktunya"),
        **{status: str(statuses.WORDS[status]) for status in (*statuses.OPEN, "missed")},
        EVERY: _("Semua, juga lewat batas"),
    }
    choices = [
        *place_choices(request.user, area),
        figures.choice_of(PACKAGE, _("Kelompok"), [("", _("Semua")), *packages.items()], query[PACKAGE]),
        figures.choice_of(STATUS, _("Status"), list(status_words.items()), query[STATUS]),
    ]
    if area.kind != areas.KABUPATEN:
        choices.append(
            figures.choice_of(
                AT, _("Dapat dilayani di"), [("", _("Semua")), *_places_offered().items()], query[AT]
            )
        )
    if needs_:
        choices.insert(
            -1, figures.choice_of(NEED, _("Layanan"), [("", _("Semua")), *needs_.items()], query[NEED])
        )
    return tuple(choices)


def _guests(
    request: HttpRequest, wanted: NeedFilter, times: Sequence[Time], today: int
) -> page_of.GuestsBlock | None:
    """Those whose care is entrusted to the area; a search is for those who have their home here."""
    if not times:
        return None
    lines = person_lines(request.user, {time.person for time in times})
    persons = {
        key: page_of.Guest(line.name, person_href(key), line.posyandu_name or line.desa_name)
        for key, line in lines.items()
    }
    waiting = guests_list(request.user, wanted, tuple(persons))
    needs = {need.name: need for need in load_book().needs}
    return page_of.guests_block(times, waiting, persons, needs, _telling(request, today))


def _hosts(persons: Iterable[int], today: int) -> dict[int, str]:
    """Where those of these are guests who are."""
    times = times_on(persons, today)
    names = areas.names_of({time.to for time in times.values()})
    return {
        key: _("dititipkan ke %(place)s") % {"place": names.get(time.to, time.to)}
        for key, time in times.items()
    }


def _names(lines: Iterable[NeedLine], today: int) -> page_of.Names:
    held = list(lines)
    homes = {line.household_id for line in held if line.household_id is not None}
    return page_of.Names(
        heads=register.head_names(homes),
        areas=areas.names_of({line.desa_code for line in held} | {line.posyandu_code for line in held}),
        person_hrefs={line.person_id: person_href(line.person_id) for line in held},
        family_hrefs={home: family_href(home) for home in homes},
        hosts=_hosts({line.person_id for line in held}, today),
    )


def _narrower(
    request: HttpRequest, wanted: NeedFilter, query: dict[str, str]
) -> Iterable[page_of.NarrowerRow]:
    """The puskesmas of a whole district, with how many wait in each."""
    persons = persons_by_area(request.user, wanted, "puskesmas")
    for part in areas.areas_under(own_place(request.user), "puskesmas"):
        address = reverse("desk:needs") + "?" + figures.encoded({**query, PLACE: part.code})
        yield page_of.NarrowerRow(part.name, figures.door(persons.get(part.code, 0), address))
