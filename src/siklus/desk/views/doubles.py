"""Kemungkinan ganda: pairs who may be one person, side by side; merged, told apart, and a merge taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import MERGE_PERSONS
from siklus.access.queries import User, access_person, lines_of_everybody, person_lines
from siklus.care.queries import own_time_line, seen_line
from siklus.desk import figures, words
from siklus.desk.pages import doubles as page_of
from siklus.desk.typed import sentence
from siklus.desk.views.common import one_of, only_for, page_number, person_crumbs, person_href
from siklus.doubles import actions, queries
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.library.loading import load_book
from siklus.monitoring.actions import settle_outcomes
from siklus.records.drafts import Outcome
from siklus.register import queries as register

STATE, ACT, WHY, STAYS = "keadaan", "aksi", "alasan", "tinggal"
APART, MERGE, SURE, PART = "bukan", "gabung", "pasti", "pisah"
_A_PAGE, _ELSEWHERE = 50, 20


@only_for(MERGE_PERSONS)
def doubles(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, or those of whom somebody decided."""
    user, asked = request.user, page_number(request)
    state = one_of(request.GET.get(STATE), queries.STATES, queries.NEW)
    found, total = queries.pairs(user, state, (asked - 1) * _A_PAGE, _A_PAGE)
    persons = lines_of_everybody(user, {key for pair in found for key in (pair.one, pair.other)})
    if found:
        note(user, "lihat daftar nama", "ganda", state)
    counts = {each: queries.pairs(user, each, 0, 0)[1] for each in queries.STATES}
    own, count = queries.one_sided(user, _ELSEWHERE) if state == queries.NEW else ((), 0)
    names = person_lines(user, own)
    said = _("%(first)s–%(last)s dari %(all)s") % {
        "first": words.number((asked - 1) * _A_PAGE + 1),
        "last": words.number((asked - 1) * _A_PAGE + len(found)),
        "all": words.number(total),
    }
    page = page_of.ListPage(
        tabs=page_of.tabs_of(counts, state),
        lines=tuple(
            page_of.pair_line(pair, persons, reverse("desk:double", args=[pair.id]))
            for pair in found
            if pair.one in persons and pair.other in persons
        ),
        pager=figures.pager_of(said, page=asked, pages=max(1, -(-total // _A_PAGE)), query={STATE: state}),
        elsewhere=tuple((names[key].name, person_href(key)) for key in own if key in names),
        elsewhere_said=ngettext(
            "%(n)s orang di wilayah Anda mungkin tercatat juga di puskesmas lain. Dinas Kesehatan yang memeriksanya.",
            "%(n)s orang di wilayah Anda mungkin tercatat juga di puskesmas lain. Dinas Kesehatan yang memeriksanya.",
            count,
        )
        % {"n": words.number(count)},
        empty_title=_("Tidak ada pasangan di sini."),
        empty_said=_("Dicari setiap malam, dan setiap kali seseorang didaftarkan."),
    )  # fmt: skip
    return render(request, "desk/doubles.html", {"page": page})


@require_http_methods(["GET", "POST"])
@only_for(MERGE_PERSONS)
def double(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two persons side by side, and what is decided of them: with a reason, and merging only after a second look."""
    user = _user(request)
    found = queries.pair(user, pair_id)
    if found is None:
        raise Http404(pair_id)
    context: dict[str, Any] = {"page": _page(request, found), "why": "", "stays": "", "problem": ""}
    if request.method == "GET":
        note(user, "bandingkan orang", queries.subject_of(found))
        return render(request, "desk/double.html", context)
    act, why = request.POST.get(ACT, ""), request.POST.get(WHY, "").strip()[: actions.LONGEST]
    stays = one_of(request.POST.get(STAYS), [side.id for side in context["page"].sides], "")
    context |= {"why": why, "stays": stays}
    if not why:
        context["problem"] = _("Tulis alasannya, supaya yang membaca nanti mengerti.")
    elif act in (MERGE, SURE) and not stays:
        context["problem"] = _("Pilih data siapa yang tetap dipakai.")
    elif act == MERGE:
        return render(request, "desk/double_sure.html", context)
    if context["problem"]:
        return render(request, "desk/double.html", context)
    try:
        if act == APART:
            actions.tell_apart(pair_id, user=user, why=why)
            messages.success(request, _("Dicatat: bukan orang yang sama."))
        elif act == SURE:
            with transaction.atomic():
                outcome = actions.merge(
                    pair_id, keep=parse_record_id(stays), user=user, why=why, today=clock.today()
                )
                settle_outcomes([outcome], clock.today())
            if not outcome.is_accepted:
                context["problem"] = _refused(outcome)
                return render(request, "desk/double.html", context)
            messages.success(request, _("Digabung. Bila ternyata keliru, pisahkan kembali dari halaman ini."))
            return HttpResponseRedirect(reverse("desk:merges", args=[outcome.person_id]))
        else:
            raise Http404(act)
    except actions.Decided:
        messages.info(request, _("Pasangan ini sudah diputuskan."))
    return HttpResponseRedirect(reverse("desk:doubles"))


@require_http_methods(["GET", "POST"])
@only_for(MERGE_PERSONS)
def merges(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who was merged into this person, and the way to take a merge back."""
    user = _user(request)
    who = access_person(user, person_id)
    problem = ""
    if request.method == "POST":
        why = request.POST.get(WHY, "").strip()[: actions.LONGEST]
        if not why:
            problem = _("Tulis alasannya, supaya yang membaca nanti mengerti.")
        else:
            with transaction.atomic():
                outcome = actions.part(
                    _merge_of(request.POST.get(PART, "")), user=user, why=why, today=clock.today()
                )
                settle_outcomes([outcome], clock.today())
            if outcome.is_accepted:
                messages.success(request, _("Dipisahkan. Setiap catatan kembali kepada orangnya semula."))
                return HttpResponseRedirect(person_href(who.id))
            problem = _refused(outcome)
    found = queries.merged_into(user, who.id)
    names = lines_of_everybody(user, {each.person for each in found})
    note(user, "lihat penggabungan", format_record_id(who.id))
    lines = [
        page_of.merged_line(
            each, names[each.person].name if each.person in names else _("seorang di puskesmas lain")
        )
        for each in found
    ]
    context = {
        "lines": lines, "problem": problem, "name": who.name, "back": person_href(who.id),
        "crumbs": person_crumbs(user, who, _("Data gabungan")),
    }  # fmt: skip
    return render(request, "desk/merges.html", context)


def _page(request: HttpRequest, found: queries.Found) -> page_of.PairPage:
    user = _user(request)
    lines = lines_of_everybody(user, (found.one, found.other))
    keys = (found.one, found.other)
    persons = [lines[key] for key in keys]
    survivor = register.survivor_of(found.one)
    is_merged = found.state == queries.MERGED and survivor == register.survivor_of(found.other)
    return page_of.pair_page(
        found,
        persons,
        [seen_line(user, own_time_line(key)) for key in keys],
        [_family(line.household_id) for line in persons],
        [person_href(key) for key in keys],
        [line.phone for line in persons],
        load_book().vocabulary,
        merged_into=reverse("desk:merges", args=[survivor]) if is_merged else "",
    )


def _family(household: int | None) -> str:
    """Those who live in it."""
    return (
        ", ".join(member.name for member in register.household_members(household))
        if household is not None
        else ""
    )


def _merge_of(text: str) -> int:
    try:
        return parse_record_id(text)
    except ValueError:
        raise Http404(text) from None


def _refused(outcome: Outcome) -> str:
    return " ".join(sentence(problem) for problem in outcome.problems)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
