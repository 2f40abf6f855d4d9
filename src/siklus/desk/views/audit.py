"""Catatan akses: who looked at or did what; ids only. A head reads the lines of the own puskesmas, an auditor all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siklus.access.actions import note
from siklus.access.audit import Wanted, actions_known, entries
from siklus.access.may import READ_AUDIT, READ_WHOLE_AUDIT, may
from siklus.access.scope import Visitor, access_facilities
from siklus.desk import figures, words
from siklus.desk.pages import audit as page_of
from siklus.desk.views.common import one_of, only_for, own_place, page_number

USER, ACTION, SUBJECT = "pengguna", "tindakan", "tentang"
_A_PAGE = 50
_LONGEST = 60


@require_safe
@only_for(READ_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The lines, newest first; opening them is a line too."""
    asked, known = page_number(request), actions_known()
    query = {
        USER: request.GET.get(USER, "").strip()[:_LONGEST],
        ACTION: one_of(request.GET.get(ACTION), known, ""),
        SUBJECT: request.GET.get(SUBJECT, "").strip()[:_LONGEST],
    }
    note(request.user, "lihat catatan akses", "", figures.encoded({**query, figures.PAGE: str(asked)}))
    rows = entries(
        Wanted(
            username=query[USER], action=query[ACTION], subject=query[SUBJECT], offices=_offices(request.user)
        )
    )
    total = rows.count()
    shown = list(rows[(asked - 1) * _A_PAGE : asked * _A_PAGE])
    said = _("%(first)s–%(last)s dari %(all)s") % {
        "first": words.number((asked - 1) * _A_PAGE + 1 if shown else 0),
        "last": words.number((asked - 1) * _A_PAGE + len(shown)),
        "all": words.number(total),
    }
    page = page_of.AuditPage(
        crumbs=((_("Catatan akses"), ""),),
        choices=(
            figures.choice_of(
                ACTION, _("Tindakan"), [("", _("Semua")), *((each, each) for each in known)], query[ACTION]
            ),
        ),
        username=query[USER],
        subject=query[SUBJECT],
        lines=tuple(map(page_of.line_of, shown)),
        pager=figures.pager_of(said, page=asked, pages=max(1, -(-total // _A_PAGE)), query=query),
        here=reverse("desk:audit"),
    )
    return render(request, "desk/audit.html", {"page": page})


def _offices(user: Visitor) -> frozenset[str] | None:
    """The places whose users' lines may be read; None for all."""
    if may(user, READ_WHOLE_AUDIT):
        return None
    return frozenset((own_place(user), *(area.code for area in access_facilities(user))))
