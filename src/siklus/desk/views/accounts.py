"""Pengguna: those whom a head or the keeper of the system manages; and one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from siklus.access import accounts, second_step
from siklus.access.may import MANAGE_USERS, roles_managed
from siklus.access.permissions import permissions
from siklus.access.queries import User
from siklus.access.sessions import asking_again
from siklus.desk.frame import role_words
from siklus.desk.views.common import only_for
from siklus.desk.views.second_step import wanted_page
from siklus.kernel.problems import ProblemError
from siklus.register import areas

ADD, RESET, STOP, RESUME, FREE = "tambah", "sandi", "henti", "aktif", "kode"
_LONGEST = 100


@require_http_methods(["GET", "POST"])
@only_for(MANAGE_USERS)
@asking_again
def users(request: HttpRequest) -> HttpResponse:
    """Who logs in here, and a new one. A first password is shown once, on the answer itself."""
    context: dict[str, Any] = {"typed": {}, "problems": ()}
    if request.method == "POST":
        context |= _done(request)
    rows = list(accounts.users_managed(request.user))
    places = areas.names_of([row.scope_code for row in rows])
    context["lines"] = [
        {
            "user": row,
            "role": role_words(row.role),
            "place": places.get(row.scope_code, row.scope_code),
            "has_code": second_step.is_set_up(row),
        }
        for row in rows
    ]
    context |= _choices(request)
    return render(request, "desk/users.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """One's own password, after the old one; other devices must log in again."""
    problems: tuple[str, ...] = ()
    user = request.user
    was_given = isinstance(user, User) and user.has_given_password
    if request.method == "POST" and isinstance(user, User):
        old, new = request.POST.get("lama", ""), request.POST.get("baru", "")
        if authenticate(request, username=user.username, password=old) is None:
            problems = (_("Kata sandi yang lama tidak cocok."),)
        elif new != request.POST.get("ulang", ""):
            problems = (_("Kata sandi baru dan ulangannya tidak sama."),)
        else:
            problems = accounts.change_password(user, new)
        if not problems:
            update_session_auth_hash(request, user)
            messages.success(request, _("Kata sandi Anda diganti."))
            return HttpResponseRedirect(wanted_page(request) if was_given else reverse("desk:password"))
    context = {"problems": problems, "is_given": was_given, "next": wanted_page(request)}
    return render(request, "desk/password.html", context)


def _done(request: HttpRequest) -> dict[str, Any]:
    """What a button asks for."""
    act, key = request.POST.get("aksi", ""), request.POST.get("pengguna", "")
    if act == ADD:
        names = ("nama_masuk", "nama", "peran", "tempat")
        typed = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in names}
        if not typed["nama_masuk"]:
            return {"typed": typed, "problems": (_("Tulis nama masuknya."),)}
        try:
            made, word = accounts.add_account(
                request.user, username=typed["nama_masuk"], role=typed["peran"], scope_code=typed["tempat"],
                name=typed["nama"],
            )  # fmt: skip
        except ProblemError as error:
            return {"typed": typed, "problems": [f"{p.found} {p.todo}".strip() for p in error.problems]}
        return {"told": made, "word": word}
    if not (key.isascii() and key.isdecimal() and len(key) < len("1000000000")):
        raise Http404(key)
    if act == RESET:
        other, word = accounts.reset_password(request.user, int(key))
        return {"told": other, "word": word}
    if act == FREE:
        other = accounts.take_second_step_away(request.user, int(key))
        messages.success(request, _("Kode masuk %(user)s dilepas.") % {"user": other.username})
        return {}
    if act in (STOP, RESUME):
        other = accounts.set_active(request.user, int(key), is_active=act == RESUME)
        said = _("%(user)s dapat masuk lagi.") if act == RESUME else _("%(user)s tidak dapat masuk lagi.")
        messages.success(request, said % {"user": other.username})
        return {}
    raise Http404(act)


def _choices(request: HttpRequest) -> dict[str, Any]:
    """Roles and places of a new user: each place under the role that has such a place."""
    given = roles_managed(request.user)
    kinds = {role.place for name, role in permissions().roles.items() if name in given}
    names = areas.names_of(accounts.places_managed(request.user))
    shown = [area for code in sorted(names) if (area := areas.place_or_facility(code)) and area.kind in kinds]
    return {
        "roles": [(name, role_words(name)) for name in permissions().roles if name in given],
        "places": [(area.code, area.name) for area in sorted(shown, key=lambda each: (each.kind, each.name))],
    }
