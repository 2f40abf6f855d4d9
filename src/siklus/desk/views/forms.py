"""Formulir: the forms of this installation, to look at and to print. Nothing of a person stands on them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siklus.desk.pages import forms as page_of
from siklus.library.forms import load_forms
from siklus.library.loading import load_book

VERSION = "versi"


@require_safe
@login_required
def forms(request: HttpRequest) -> HttpResponse:
    """All forms that the role of the visitor meets."""
    page = page_of.list_page(load_forms(), load_book().vocabulary, _role(request))
    return render(request, "desk/forms.html", {"page": page})


@require_safe
@login_required
def form(request: HttpRequest, name: str) -> HttpResponse:
    """One form, the newest version unless another is asked for; 404 for what is not there or not for this role."""
    catalogue = load_forms()
    asked = request.GET.get(VERSION, "")
    try:
        found = catalogue.form(name, int(asked) if asked.isascii() and asked.isdigit() else None)
    except KeyError:
        raise Http404 from None
    if not page_of.may_see(found, _role(request)):
        raise Http404
    page = page_of.form_page(found, catalogue.versions(name), load_book().vocabulary)
    return render(request, "desk/form.html", {"page": page})


def _role(request: HttpRequest) -> str:
    return str(getattr(request.user, "role", ""))
