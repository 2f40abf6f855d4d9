"""Formulir: the forms of this installation, to look at and to print. Nothing of a person stands on them."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siklus.access.may import READ_RULES, may_use_form
from siklus.desk.pages import forms as page_of
from siklus.desk.views.common import only_for
from siklus.library.forms import load_forms
from siklus.library.loading import load_book

VERSION = "versi"


@require_safe
@only_for(READ_RULES)
def forms(request: HttpRequest) -> HttpResponse:
    """All forms that the role of the visitor meets."""
    page = page_of.list_page(load_forms(), load_book().vocabulary, partial(may_use_form, request.user))
    return render(request, "desk/forms.html", {"page": page})


@require_safe
@only_for(READ_RULES)
def form(request: HttpRequest, name: str) -> HttpResponse:
    """One form, the newest version unless another is asked for; 404 for what is not there or not for this role."""
    catalogue = load_forms()
    asked = request.GET.get(VERSION, "")
    try:
        found = catalogue.form(name, int(asked) if asked.isascii() and asked.isdigit() else None)
    except KeyError:
        raise Http404 from None
    if not may_use_form(request.user, found):
        raise Http404
    page = page_of.form_page(found, catalogue.versions(name), load_book().vocabulary)
    return render(request, "desk/form.html", {"page": page})
