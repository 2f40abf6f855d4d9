"""The second step of coming in, one's own code and papers, and showing once more who one is."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from siklus.access import actions, second_step
from siklus.access.queries import User, is_paused
from siklus.access.sessions import be_sure, is_sure, pass_second_step, what_comes_first
from siklus.register.queries import is_sample

SET_UP, PAPER, OTHER_PHONE = "pasang", "pemulihan", "ganti"
_QR_SCALE = 5


def wanted_page(request: HttpRequest) -> str:
    """Where somebody was going, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL


@sensitive_post_parameters("kode")
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def code(request: HttpRequest) -> HttpResponse:
    """After the password: a code of the phone, or one from paper."""
    user, problem = _who(request), ""
    if not second_step.has(user):
        return HttpResponseRedirect(reverse("desk:second_step"))
    if request.method == "POST":
        if second_step.is_right(user, request.POST.get("kode", "")):
            pass_second_step(request)
            actions.note(user, "masuk langkah kedua")
            return HttpResponseRedirect(wanted_page(request))
        problem = _problem(user)
    return _page(request, "desk/code.html", problem=problem)


@sensitive_post_parameters("kode")
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The code of one's own phone: set up with a QR, then ten codes for paper, shown once."""
    user, problem = _who(request), ""
    if second_step.has(user):
        if not is_sure(request):
            return HttpResponseRedirect(f"{reverse('desk:sure')}?next={request.path}")
        act = request.POST.get("aksi", "") if request.method == "POST" else ""
        if act == PAPER:
            return _page(request, "desk/second_step.html", codes=second_step.new_codes(user))
        if act != OTHER_PHONE:
            return _page(request, "desk/second_step.html", left=second_step.codes_left(user))
        second_step.take_away(user)
        actions.note(user, "kode masuk dilepas", f"pengguna {user.pk}")
    elif request.method == "POST":
        codes = second_step.confirm(user, request.POST.get("kode", ""))
        if codes:
            pass_second_step(request)
            return _page(request, "desk/second_step.html", codes=codes)
        problem = _("Kodenya tidak cocok. Periksa jam ponsel Anda, lalu tulis kode yang terbaru.")
    offer = second_step.offer(user)
    picture = segno.make(offer.address, error="m").svg_data_uri(scale=_QR_SCALE, border=4)
    return _page(request, "desk/second_step.html", offer=offer, picture=picture, problem=problem)


@sensitive_post_parameters("bukti")
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def sure(request: HttpRequest) -> HttpResponse:
    """The password or a code once more, before a dangerous act."""
    user, problem = _who(request), ""
    if request.method == "POST":
        typed = request.POST.get("bukti", "")
        looks_like_code = second_step.has(user) and second_step.could_be_code(typed)
        if looks_like_code:
            right = second_step.is_right(user, typed)
        else:
            right = authenticate(request, username=user.username, password=typed) is not None
        if right:
            be_sure(request)
            return HttpResponseRedirect(wanted_page(request))
        problem = _problem(user)
    return _page(request, "desk/sure.html", problem=problem, has_code=second_step.has(user))


def _who(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _problem(user: User) -> str:
    if is_paused(user.username):
        return _("Terlalu sering salah. Tunggu 15 menit, lalu coba lagi.")
    return _("Tidak cocok. Coba sekali lagi.")


def _page(request: HttpRequest, template: str, **told: Any) -> HttpResponse:
    user = _who(request)
    context = {
        "next": wanted_page(request), "username": user.username, "is_sample": is_sample(),
        "is_wanted": second_step.is_wanted(user), "is_in": what_comes_first(request) is None, **told,
    }  # fmt: skip
    return render(request, template, context)
