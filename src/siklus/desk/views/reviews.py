"""Telaah aturan: each rule beside its source, with approvals and questions that stay on record."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siklus.access.may import ANSWER_REVIEWS, APPROVE_RULES, READ_REVIEWS, may
from siklus.access.queries import User
from siklus.desk.pages import review as page_of
from siklus.desk.pages import reviews as list_of
from siklus.desk.views.common import only_for
from siklus.library.education import load_education
from siklus.library.loading import knowledge_folder, load_book
from siklus.library.registry import load_registry
from siklus.library.reviewable import Reviewable, load_reviewables
from siklus.library.sources import read_sources
from siklus.reviews import actions
from siklus.reviews.queries import (
    ANSWER,
    APPROVE,
    ASK,
    CLOSE,
    WITHDRAW,
    last_position,
    reviews_of,
    reviews_of_all,
)

ACT, WORDS, POSITION, VERSION, QUESTION = "aksi", "kata", "jabatan", "versi", "pertanyaan"


@require_safe
@only_for(READ_REVIEWS)
def reviews(request: HttpRequest) -> HttpResponse:
    """How far the reading has come, package by package."""
    rules = load_reviewables()
    page = list_of.reviews_page(rules, reviews_of_all(rules), load_book().rules.packages, load_registry())
    return render(request, "desk/reviews.html", {"page": page})


@require_safe
@only_for(READ_REVIEWS)
def group(request: HttpRequest, name: str) -> HttpResponse:
    """The rules of one package."""
    rules = [rule for rule in load_reviewables() if rule.group == name]
    if not rules:
        raise Http404(name)
    said = reviews_of_all(rules)
    page = list_of.group_page(name, rules, said, load_book().rules.packages, load_registry())
    return render(request, "desk/reviews_group.html", {"page": page})


@require_safe
@only_for(READ_REVIEWS)
def questions(request: HttpRequest) -> HttpResponse:
    """All questions, those that wait first."""
    rules = load_reviewables()
    page = list_of.questions_page(rules, reviews_of_all(rules))
    return render(request, "desk/reviews_questions.html", {"page": page})


@require_http_methods(["GET", "POST"])
@only_for(READ_REVIEWS)
def review(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One rule, and what is said of it."""
    rule = next((rule for rule in load_reviewables() if rule.key == (kind, name)), None)
    if rule is None:
        raise Http404(name)
    if request.method != "POST":
        return _shown(request, rule)
    try:
        return _said(request, rule)
    except actions.NotAllowed:
        raise PermissionDenied from None
    except LookupError:
        raise Http404(name) from None


def _said(request: HttpRequest, rule: Reviewable) -> HttpResponse:
    """What a button of the page asks for; what is lacking is told, and nothing typed is lost."""
    user, act = request.user, request.POST.get(ACT, "")
    words, position = request.POST.get(WORDS, ""), request.POST.get(POSITION, "")
    if not isinstance(user, User):
        raise PermissionDenied
    if request.POST.get(VERSION) != rule.version:
        messages.warning(
            request,
            _("Naskah aturan ini berubah sejak Anda membukanya. Bacalah lagi; belum ada yang dicatat."),
        )
        return _shown(request, rule, act=act)
    rulebook, asked = load_book().hash, request.POST.get(QUESTION, "")
    question = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < len("1000000000") else 0
    try:
        if act == APPROVE:
            actions.approve(rule, user=user, rulebook=rulebook, position=position, words=words)
            done = _("Persetujuan Anda atas naskah ini dicatat.")
        elif act == WITHDRAW:
            actions.withdraw(rule, user=user, rulebook=rulebook, words=words)
            done = _("Persetujuan Anda ditarik.")
        elif act == ASK:
            actions.ask(rule, user=user, rulebook=rulebook, words=words, position=position)
            done = _("Pertanyaan Anda dicatat.")
        elif act == ANSWER:
            actions.answer(rule, question, user=user, rulebook=rulebook, words=words)
            done = _("Jawaban dicatat. Pertanyaan tetap terbuka sampai dinyatakan selesai.")
        elif act == CLOSE:
            actions.close(rule, question, user=user, rulebook=rulebook, words=words)
            done = _("Pertanyaan dinyatakan selesai.")
        else:
            raise Http404(act)
    except ValueError as lacking:
        return _shown(request, rule, act=act, lacking=str(lacking), question=question)
    messages.success(request, done)
    return HttpResponseRedirect(list_of.rule_href(rule))


def _shown(
    request: HttpRequest, rule: Reviewable, *, act: str = "", lacking: str = "", question: int = 0
) -> HttpResponse:
    user, book = request.user, load_book()
    key = getattr(user, "pk", 0)
    page = page_of.review_page(
        rule,
        reviews_of(rule),
        [each for each in load_reviewables() if each.group == rule.group],
        book=book,
        registry=load_registry(),
        sources=read_sources(knowledge_folder()),
        education=load_education(),
        user_id=key,
        may_answer=may(user, ANSWER_REVIEWS),
    )
    problem = {
        "position": _(
            "Tulis jabatan atau keahlian Anda: persetujuan tanpa itu tidak dapat ditimbang orang lain."
        ),
        "words": _("Tulis kata-katanya dulu."),
    }.get(lacking, "")
    context = {
        "page": page,
        "may_approve": may(user, APPROVE_RULES),
        "may_answer": may(user, ANSWER_REVIEWS),
        "position": request.POST.get(POSITION) or last_position(key),
        "typed": request.POST.get(WORDS, ""),
        "act": act,
        "problem": problem,
        "question": question,
        "here": request.path,
    }
    return render(request, "desk/review.html", context)
