"""The desk's page of an edge: how it stands with its district, and what was refused; at the district its code."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siklus.access.actions import note
from siklus.access.queries import PersonLine, User, person_lines, user_names
from siklus.access.scope import access_area
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.register.areas import Area
from siklus.sync.actions import CODE_LASTS
from siklus.sync.edge import queries
from siklus.sync.edge.merging import DISMISSED, OPEN
from siklus.sync.models import GivenBack
from siklus.sync.queries import may_manage
from siklus.sync.words import MINUTE


@require_safe
@login_required
def here(request: HttpRequest) -> HttpResponse:
    """How this edge stands; 404 where the server is none."""
    user = request.user
    if not isinstance(user, User) or not may_manage(user):
        raise PermissionDenied
    status = queries.status()
    if status is None:
        raise Http404
    access_area(user, status.scope_code or user.scope_code)
    rows = queries.given_back(user)
    people = person_lines(user, {row.person_id for row in rows if row.person_id is not None})
    authors = user_names({row.author_id for row in rows if row.author_id is not None})
    if people:
        note(user, "buka catatan ditolak kabupaten", status.scope_code, f"{len(rows)}")
    context = {"status": status, "rows": [_row_words(row, people, authors) for row in rows]}
    return render(request, "perangkat/simpul.html", context)


def shown_code(request: HttpRequest, code: str, place: Area) -> HttpResponse:
    """The command that makes a computer the edge, shown once."""
    context = {
        "address": request.build_absolute_uri("/").rstrip("/"), "code": code, "place": place,
        "minutes": int(CODE_LASTS.total_seconds() // MINUTE),
    }  # fmt: skip
    return render(request, "perangkat/kode_simpul.html", context)


def _row_words(row: GivenBack, people: dict[int, PersonLine], authors: dict[int, str]) -> dict[str, Any]:
    kind = load_book().vocabulary.kinds.get(row.kind)
    person = people.get(row.person_id or 0)
    states = {OPEN: _("Menunggu kabupaten"), DISMISSED: _("Dikesampingkan")}
    return {
        "id": format_record_id(row.key),
        "kind": kind.title if kind is not None else row.kind,
        "person": person.name if person is not None else "",
        "author": authors.get(row.author_id or 0, ""),
        "why": queries.why(row),
        "state": states.get(row.state, row.state),
        "reason": row.reason,
    }
