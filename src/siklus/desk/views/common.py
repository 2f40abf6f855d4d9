"""What the views share: whose request it is, which place it is about, crumbs, addresses, a workbook as answer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import xlsxwriter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access.may import may, packages_offered
from siklus.access.scope import Visitor, access_area
from siklus.desk import figures
from siklus.kernel.ids import RECORD_ID, format_record_id, parse_record_id
from siklus.library.loading import load_book
from siklus.register import areas
from siklus.register.areas import Area
from siklus.register.queries import Person

PLACE = "wilayah"
View = Callable[..., HttpResponse]
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 40
_Crumbs = Sequence[tuple[str, str]]


class RecordIdConverter:
    """`12-345` in an address, the key in a view; anything else is no address at all."""

    regex = RECORD_ID

    def to_python(self, value: str) -> int:
        """The key; a ValueError becomes "not found"."""
        return parse_record_id(value)

    def to_url(self, value: int) -> str:
        """The text of a key."""
        return format_record_id(value)


def person_href(person_id: int) -> str:
    """The page of a person."""
    return reverse("desk:person", args=[person_id])


def family_href(household_id: int) -> str:
    """The page of a family."""
    return reverse("desk:family", args=[household_id])


def packages_listed(user: Visitor) -> dict[str, str]:
    """The packages offered with anything for which people are sought out: a list of the others would stay empty."""
    book = load_book()
    listed = {book.need(name).package.name for name in book.sought}
    return {name: title for name, title in packages_offered(user).items() if name in listed}


def only_for(act: str) -> Callable[[View], View]:
    """A view for those who logged in and may do this act; all others are told that it is not for them."""

    def guarding(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user, act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guarding


def person_crumbs(user: Visitor, who: Person, last: str = "") -> _Crumbs:
    """Place down to the posyandu, else the village, each opening its list of needs; then the person, then the page."""
    area = areas.place_or_facility(who.posyandu_code or who.desa_code)
    path = [] if area is None else list(place_crumbs(user, area, reverse("desk:needs"), last=who.name))[:-1]
    return [*path, (who.name, person_href(who.id)), (last, "")] if last else [*path, (who.name, "")]


def own_place(user: Visitor) -> str:
    """The code of the user's scope."""
    return str(getattr(user, "scope_code", ""))


def chosen_area(request: HttpRequest) -> Area:
    """The place this page is about: the one asked for, else the user's own; 404 outside their scope."""
    return access_area(request.user, request.GET.get(PLACE) or own_place(request.user))


def own_area(user: Visitor) -> Area:
    """The place of the user's scope; 404 for a user who has none."""
    return access_area(user, own_place(user))


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; 1 when it is not a number."""
    asked = request.GET.get(figures.PAGE, "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < len("1000000") else 1


def one_of(asked: str | None, allowed: Iterable[str], default: str) -> str:
    """The word asked for when it is one of these, else the default."""
    return asked if asked is not None and asked in allowed else default


def place_crumbs(
    user: Visitor, area: Area, address: str, query: Mapping[str, str] | None = None, *, last: str = ""
) -> _Crumbs:
    """From the top of the user's scope down to the place, each level a link to the same page there.

    `address` and `query` are the page with its other choices; `last` is what stands under the place (a family).
    """
    path = list(areas.area_path(area.code))
    top = own_place(user)
    codes = [step.code for step in path]
    if top in codes:
        path = path[codes.index(top) :]
    elif area.code != top and (own := areas.place_or_facility(top)) is not None:
        path = [own, area]
    kept = {name: value for name, value in (query or {}).items() if name != PLACE}
    items = [
        (step.name, f"{address}?" + figures.encoded({**kept, PLACE: "" if step.code == top else step.code}))
        for step in path
    ]
    if last:
        return [*items, (last, "")]
    return [*items[:-1], (items[-1][0], "")] if items else []


def place_choices(user: Visitor, area: Area) -> tuple[figures.Choice, ...]:
    """The menu of places, if there is a choice: the whole scope, its puskesmas, villages and posyandu of one."""
    top = areas.place_or_facility(own_place(user)) or area
    within = next((step for step in areas.area_path(area.code) if step.kind == "puskesmas"), None) or (
        top if top.kind != areas.KABUPATEN else None
    )
    groups = [figures.OptionGroup("", (figures.Option("", _("Semua: %(name)s") % {"name": top.name}),))]
    if top.kind == areas.KABUPATEN:
        groups.append(_group(_("Puskesmas"), areas.areas_under(top.code, "puskesmas"), area))
    if within is not None and top.kind != "posyandu":
        groups.append(_group(_("Desa"), areas.areas_under(within.code, areas.DESA), area))
        groups.append(_group(_("Posyandu"), areas.areas_under(within.code, "posyandu"), area))
    held = tuple(group for group in groups if group.options)
    return (figures.Choice(PLACE, _("Wilayah"), held),) if len(held) > 1 else ()


def workbook(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """An xlsx of text cells only: nothing a spreadsheet could take for a formula, no NIK turned into a number."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet()
    head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    widths = [len(column) for column in columns]
    for n, column in enumerate(columns):
        sheet.write_string(0, n, column, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for n, cell in enumerate(row):
            sheet.write_string(count, n, cell, text)
            widths[n] = max(widths[n], len(cell))
    for n, width in enumerate(widths):
        sheet.set_column(n, n, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    if count:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return xlsx(name, buffer.getvalue())


def xlsx(name: str, content: bytes) -> HttpResponse:
    """A workbook as answer."""
    response = HttpResponse(content, content_type=_WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _group(heading: str, found: Iterable[Area], chosen: Area) -> figures.OptionGroup:
    options = (figures.Option(one.code, one.name, one.code == chosen.code) for one in found)
    return figures.OptionGroup(heading, tuple(options))
