"""Siapa berhak apa: somebody described in words, and what the rules owe them. Nobody's record is looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siklus.access import clock
from siklus.access.may import READ_RULES, reads_plainly
from siklus.desk.pages import who as page_of
from siklus.desk.standing import rule_words
from siklus.desk.typed import read_day
from siklus.desk.views.common import only_for
from siklus.kernel.dates import parse_day
from siklus.library.education import load_education
from siklus.library.loading import load_book
from siklus.library.persona import load_persona, read_phrase, who_is_owed
from siklus.library.persona.reading import LONGEST_PHRASE


@require_safe
@only_for(READ_RULES)
def who(request: HttpRequest) -> HttpResponse:
    """The question, people to choose from, and the answer."""
    text = request.GET.get(page_of.PHRASE, "").strip()[:LONGEST_PHRASE]
    typed = request.GET.get(page_of.ON, "").strip()
    is_whole = request.GET.get(page_of.WHOLE) == "1"
    on, problem = clock.today(), ""
    if typed:
        iso, problem = read_day(typed)
        on = on if iso is None else parse_day(iso)
    book, persona = load_book(), load_persona()
    for_kader = not reads_plainly(request.user)
    asked = page_of.asked(text, typed, problem, persona, is_whole=is_whole)
    answer = None
    if text:
        owing = who_is_owed(book, persona, read_phrase(text, persona, on))
        rules = {} if for_kader else {need.name: rule_words(need.name) for need in book.needs}
        saying = page_of.Saying(book, load_education(), rules, for_kader)
        answer = page_of.answer_page(owing, saying, asked)
    return render(request, "desk/who.html", {"asked": asked, "page": answer})
