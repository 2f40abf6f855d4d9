"""Coming in and leaving."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from siklus.access import actions as access
from siklus.access.queries import tries_left
from siklus.desk.views.second_step import wanted_page
from siklus.register import queries as register

_WARN_FROM = 3


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """The login page; after it the page that was wanted, if it is one of ours."""
    wanted = wanted_page(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(wanted)
        return _page(request, wanted, "", "")
    username = request.POST.get("username", "").strip()
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if user is None:
        return _page(request, wanted, username, _problem(tries_left(username)))
    login(request, user)
    access.note(request.user, "masuk")
    return HttpResponseRedirect(wanted)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


def _page(request: HttpRequest, wanted: str, username: str, problem: str) -> HttpResponse:
    context = {"next": wanted, "username": username, "problem": problem, "is_sample": register.is_sample()}
    return render(request, "desk/login.html", context)


def _problem(tries: int) -> str:
    if tries == 0:
        return _(
            "Terlalu sering salah. Tunggu 15 menit, lalu coba lagi; atau minta admin membuat kata sandi baru."
        )
    said = _("Nama pengguna atau kata sandi tidak cocok.")
    if tries <= _WARN_FROM:
        said += " " + ngettext(
            "Tersisa %(n)s kali mencoba sebelum harus menunggu.",
            "Tersisa %(n)s kali mencoba sebelum harus menunggu.",
            tries,
        ) % {"n": tries}
    return said
