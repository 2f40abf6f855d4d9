"""The desk's pages about phones: which there are, a new one by QR, what was refused and how it is put right."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siklus.access.actions import note
from siklus.access.queries import User, person_lines
from siklus.access.scope import access_area, access_facilities
from siklus.access.sessions import asking_again
from siklus.kernel.ids import format_record_id
from siklus.kernel.problems import ProblemError
from siklus.library.loading import load_book
from siklus.register import areas
from siklus.sync import actions, mending, queries, settling, words
from siklus.sync.edge import district, pages
from siklus.sync.edge import queries as edge
from siklus.sync.models import ACTIVE, DISMISSED, EMPTY, LOST, MENDED, OPEN, SUSPENDED, WIPE, Refusal

_STATES = (ACTIVE, SUSPENDED, LOST, EMPTY, WIPE)
_QR_SCALE = 6


@require_safe
@login_required
def phones(request: HttpRequest) -> HttpResponse:
    """All phones of the user's area."""
    user = _manager(request)
    context = {
        "edge": edge.status(),
        "lines": [words.phone_words(line) for line in queries.phones(user)],
        "offers": queries.open_offers(user),
        "held": queries.inbox_count(user),
        "waiting": settling.waiting_count(),
    }
    return render(request, "perangkat/daftar.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@asking_again
def new(request: HttpRequest) -> HttpResponse:
    """A new phone: its place, its name, who uses it; then the QR, shown once."""
    user = _manager(request)
    place = access_area(user, request.POST.get("wilayah") or request.GET.get("wilayah") or user.scope_code)
    problems: list[str] = []
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("pemakai") if key.isascii() and key.isdecimal()]
        try:
            if request.POST.get("untuk") == "simpul":
                return pages.shown_code(
                    request, district.offer(by=user, name=place.name, scope_code=place.code), place
                )
            code = actions.offer(
                by=user, name=request.POST.get("nama", ""), scope_code=place.code, users=chosen
            )
        except ProblemError as error:
            problems = [problem.found for problem in error.problems]
        else:
            return _shown_code(request, code, place)
    context = {
        "place": place,
        "places": [each for each in access_facilities(user) if each.kind in words.PLACE_KINDS],
        "people": queries.candidates(user, place.code) if place.kind in words.PLACE_KINDS else (),
        "name": request.POST.get("nama", ""),
        "problems": problems,
        "is_puskesmas": place.kind == district.PUSKESMAS and edge.status() is None,
    }
    return render(request, "perangkat/baru.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def phone(request: HttpRequest, device: int) -> HttpResponse:
    """One phone: how it stands, who writes on it, what has not come; and the steps that may be taken."""
    user = _manager(request)
    line = queries.phone(user, device)
    if request.method == "POST":
        step = request.POST.get("aksi", "")
        try:
            if step in _STATES:
                actions.change_state(line.phone, step, by=user, why=request.POST.get("alasan", ""))
                messages.success(request, words.said_of_step(step))
            elif step == "pemakai":
                actions.set_writers(
                    line.phone, by=user, users=_numbers(request, "pemakai"), new_pin=_numbers(request, "pin")
                )
                messages.success(
                    request, _("Pemakai perangkat disimpan. Ponsel mengetahuinya saat terhubung.")
                )
            else:
                raise Http404(step)
        except ValueError as error:
            messages.warning(request, words.lacking(str(error)))
        return HttpResponseRedirect(reverse("perangkat:lihat", args=[device]))
    writing = {writer.user_id for writer in line.writers if writer.may_write}
    people = [
        {"id": each.pk, "name": str(each), "writes": each.pk in writing}
        for each in queries.candidates(user, line.phone.scope_code)
    ]
    context = {
        "line": words.phone_words(line), "people": people,
        "steps": words.steps_from(line.phone.state, is_edge=line.phone.is_edge),
        "devices": edge.devices_of(line.phone),
    }  # fmt: skip
    return render(request, "perangkat/lihat.html", context)


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What phones sent and the log did not take, until somebody settles it; and what was settled."""
    user = _manager(request)
    state = request.GET.get("keadaan", OPEN)
    if state not in (OPEN, MENDED, DISMISSED):
        raise Http404(state)
    rows = queries.inbox(user, state)
    names = person_lines(user, {row.person_id for row in rows if row.person_id is not None})
    context = {
        "state": state,
        "tabs": [(each, words.REFUSAL_WORDS[each]()) for each in (OPEN, MENDED, DISMISSED)],
        "rows": [_row_words(row, names) for row in rows],
    }
    return render(request, "perangkat/tertahan.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def refusal(request: HttpRequest, key: int) -> HttpResponse:
    """One refused record: what came, why it stays out; it is put right and let in, or dismissed with a reason."""
    user = _manager(request)
    row = queries.refusal(user, key)
    vocabulary = load_book().vocabulary
    body, problems = queries.body_of(row), queries.problems_of(row)
    typed: dict[str, str] = {}
    if request.method == "POST" and row.state == OPEN:
        typed = {name: str(value) for name, value in request.POST.items()}
        if request.POST.get("aksi") == "kesampingkan":
            try:
                actions.dismiss(row, by=user, reason=request.POST.get("alasan", ""))
                messages.success(request, _("Dikesampingkan. Ponselnya mendapat kabar saat terhubung."))
                return HttpResponseRedirect(reverse("perangkat:tertahan"))
            except ValueError as error:
                messages.warning(request, words.lacking(str(error)))
        else:
            kind = vocabulary.kinds.get(row.kind)
            problems = actions.mend(row, by=user, changes=mending.changes(typed, body, kind))
            if not problems:
                messages.success(request, _("Catatan diterima. Ponselnya mendapat kabar saat terhubung."))
                return HttpResponseRedirect(reverse("perangkat:tertahan"))
            messages.warning(request, _("Belum dapat diterima. Yang masih salah disebut di bawah."))
    else:
        note(user, "buka catatan tertahan", str(row.pk))
    blanks = mending.blanks(body, problems, vocabulary)
    names = person_lines(user, {row.person_id} if row.person_id is not None else ())
    context = {
        "row": _row_words(row, names), "refusal": row, "is_open": row.state == OPEN, "can_mend": words.can_mend(row),
        "blanks": [(blank, typed.get(blank.name, blank.value)) for blank in blanks],
        "problems": [words.problem_words(each) for each in problems],
        "state": words.REFUSAL_WORDS[row.state](),
    }  # fmt: skip
    return render(request, "perangkat/tertahan_satu.html", context)


def _shown_code(request: HttpRequest, code: str, place: areas.Area) -> HttpResponse:
    # Behind the '#': what stands there never reaches a log of addresses.
    address = request.build_absolute_uri("/") + f"#daftar={code}"
    picture = segno.make(address, error="m")
    context = {
        "picture": picture.svg_data_uri(scale=_QR_SCALE, border=4), "code": code, "place": place,
        "minutes": int(actions.CODE_LASTS.total_seconds() // words.MINUTE),
    }  # fmt: skip
    return render(request, "perangkat/kode.html", context)


def _row_words(row: Refusal, names: dict[int, Any]) -> dict[str, Any]:
    kind = load_book().vocabulary.kinds.get(row.kind)
    person = names.get(row.person_id or 0)
    return {
        "href": reverse("perangkat:tertahan_satu", args=[row.pk]),
        "id": "" if row.key is None else format_record_id(row.key),
        "kind": kind.title if kind is not None else row.kind or _("Tidak terbaca"),
        "person": person.name if person is not None else "",
        "phone": row.phone.name,
        "author": str(row.author) if row.author is not None else "",
        "at": row.received_at,
        "why": "; ".join(problem.found for problem in queries.problems_of(row)),
        "is_conflict": row.is_conflict,
        "waits": row.waits_for is not None,
        "reason": row.reason,
    }


def _manager(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not queries.may_manage(user):
        raise PermissionDenied
    return user


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(key) for key in request.POST.getlist(name) if key.isascii() and key.isdecimal()]
