"""Uji aturan: small lives with what should come out, tried on the rule book that serves, kept for the next one.

Nothing typed is lost: the whole form comes back with every answer. A real person is copied without identity.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import EDIT_CASES, TRY_RULES, may
from siklus.access.queries import User
from siklus.desk import figures, words
from siklus.desk import trial_form as form
from siklus.desk.pages import reasons, trial_inputs
from siklus.desk.pages import trials as page_of
from siklus.desk.standing import rule_words
from siklus.desk.trial_form import Typed
from siklus.desk.views.common import only_for
from siklus.kernel import dates
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.library.case_reading import Case, read_case
from siklus.library.examples import examples_of_rule
from siklus.library.expected import Expected, facts_read, judge, records_read
from siklus.library.installed import installed
from siklus.library.loading import load_book
from siklus.rules.book import Need
from siklus.trials import actions
from siklus.trials.queries import (
    Kept,
    Start,
    judged,
    kept_case,
    start_from_example,
    start_from_person,
)

RUN, SAVE, SAVE_NEW, ADD, REMOVE = "jalankan", "simpan", "simpan-baru", "tambah", "hapus-"
_KEPT_DAYS = "tetap"


@require_safe
@only_for(TRY_RULES)
def cases(request: HttpRequest) -> HttpResponse:
    """All kept cases, run by the book that serves."""
    book = load_book()
    found = judged(book)
    hrefs = {kept.id: reverse("desk:trial", args=[kept.id]) for kept, _verdict in found}
    needs = {need.name: need for need in book.needs}
    page = page_of.cases_page(found, needs, hrefs, installed(), book.hash, book.choices)
    return render(request, "desk/trials.html", {"page": page})


@require_http_methods(["GET", "POST"])
@only_for(TRY_RULES)
def new(request: HttpRequest) -> HttpResponse:
    """A new case: the need first, then a life typed, or begun from a person or from an example of the rule."""
    if request.method == "POST":
        return _answered(request, None)
    need = _need(request.GET.get(form.NEED, ""))
    if need is None:
        person = request.GET.get("orang", "")
        context = {"choice": trial_inputs.need_choice(load_book().needs, ""), "person": person}
        return render(request, "desk/trial_need.html", context)
    start, problem = _start(request, need)
    typed = Typed(need=need.name, on=words.day_slashed(clock.today()))
    if start is not None:
        typed = form.typed_of(
            start.life, load_book().vocabulary, need=need.name, title=start.title, expected=start.expected
        )
    if problem:
        messages.warning(request, problem)
    is_run = start is not None and start.expected is not None
    return _shown(request, typed, None, is_run=is_run, is_blank=start is None)


@require_http_methods(["GET", "POST"])
@only_for(TRY_RULES)
def trial(request: HttpRequest, case_id: int) -> HttpResponse:
    """One kept case, to look at, run, change or keep as another."""
    kept = _kept(case_id)
    if request.method == "POST":
        return _answered(request, kept)
    typed = form.typed_of(
        kept.life, load_book().vocabulary, need=kept.expected.need, title=kept.title, expected=kept.expected
    )
    return _shown(request, typed, kept, is_run=True)


@require_http_methods(["GET", "POST"])
@only_for(TRY_RULES)
def drop(request: HttpRequest, case_id: int) -> HttpResponse:
    """Takes a case out of the set, after a question."""
    kept = _kept(case_id)
    user = _editor(request, kept)
    if user is None:
        raise PermissionDenied
    if request.method == "POST":
        actions.drop_case(case_id, user=user)
        messages.success(request, _("Kasus «%(title)s» dikeluarkan.") % {"title": kept.title})
        return HttpResponseRedirect(reverse("desk:trials"))
    context = {
        "kept": kept,
        "written": page_of.written_words(kept),
        "back": reverse("desk:trial", args=[case_id]),
    }
    return render(request, "desk/trial_drop.html", context)


def _answered(request: HttpRequest, kept: Kept | None) -> HttpResponse:
    """What a button of the form asks for."""
    vocabulary = load_book().vocabulary
    typed = form.typed_from(request.POST, vocabulary)
    if _need(typed.need) is None:
        raise Http404(typed.need)
    asked = request.POST.get("aksi", RUN)
    if asked == ADD:
        kind = vocabulary.kinds.get(request.POST.get("jenis_baru", ""))
        return _shown(
            request, typed.with_record(kind.name) if kind else typed, kept, is_added=kind is not None
        )
    if asked.startswith(REMOVE) and asked.removeprefix(REMOVE).isdecimal():
        return _shown(request, typed.without_record(int(asked.removeprefix(REMOVE))), kept)
    if asked in (SAVE, SAVE_NEW):
        return _saved(request, typed, kept if asked == SAVE else None, kept)
    return _shown(request, typed, kept, is_run=True)


def _saved(request: HttpRequest, typed: Typed, target: Kept | None, shown: Kept | None) -> HttpResponse:
    book, user = load_book(), request.user
    found = form.read(typed, book.vocabulary)
    lacking = _lacking(typed, found.expected)
    problems = form.problems_of(_case(found, typed).problems, {**found.problems, **lacking})
    if problems or found.expected is None or not isinstance(user, User):
        return _shown(request, typed, shown, is_run=True, lacking=lacking)
    life, expected = found.raw, found.expected
    if target is None:
        actions.keep_case(user=user, title=typed.title, life=life, expected=expected)
    elif _editor(request, target) is None:
        raise PermissionDenied
    else:
        actions.change_case(target.id, user=user, title=typed.title, life=life, expected=expected)
    messages.success(request, _("Kasus «%(title)s» disimpan.") % {"title": typed.title})
    if not judge(book, life, expected).is_right:
        messages.warning(
            request,
            _(
                "Kasus ini belum sesuai dengan buku aturan sekarang: buku berikutnya baru dapat dipakai bila sesuai."
            ),
        )
    return HttpResponseRedirect(reverse("desk:trials"))


def _lacking(typed: Typed, expected: Expected | None) -> dict[str, str]:
    lacking = {}
    if not typed.title:
        lacking[form.TITLE] = _("Beri nama, supaya orang lain tahu apa yang diuji.")
    if expected is None:
        lacking[form.STATUS] = _("Pilih yang seharusnya keluar.")
    return lacking


def _shown(
    request: HttpRequest,
    typed: Typed,
    kept: Kept | None,
    *,
    is_run: bool = False,
    is_added: bool = False,
    is_blank: bool = False,
    lacking: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The form with all that was typed; when it was run, with what came out or with what could not be read."""
    book = load_book()
    vocabulary, need, needs = book.vocabulary, book.need(typed.need), {each.name: each for each in book.needs}
    read = records_read(book, need)
    found = form.read(typed, vocabulary)
    case = _case(found, typed)
    problems: Mapping[str, str] = {}
    result = None
    if is_run:
        problems = form.problems_of(case.problems, {**found.problems, **(lacking or {})})
    if is_run and not problems.keys() - {form.TITLE, form.STATUS}:
        expected = found.expected or Expected(need.name, "unknown")
        verdict = judge(book, found.raw, expected)
        result = page_of.result_of(
            verdict, found.expected, need, vocabulary, case.life.person["birth"], rule=rule_words(need.name)
        )
    facts, other_facts = trial_inputs.fact_inputs(typed, vocabulary, facts_read(book, need), problems)
    may_change = kept is not None and _editor(request, kept) is not None
    page = page_of.TrialPage(
        title=kept.title if kept else _("Kasus baru"),
        need=need.name,
        need_title=reasons.title_of(need),
        crumbs=[(_("Uji aturan"), reverse("desk:trials")), (kept.title if kept else _("Kasus baru"), "")],
        written=page_of.written_words(kept) if kept else "",
        mistakes=trial_inputs.mistakes_of(problems, typed, vocabulary),
        result=result,
        on=trial_inputs.on_input(typed, problems),
        facts=facts,
        other_facts=other_facts,
        facts_open=trial_inputs.any_filled(other_facts),
        records=trial_inputs.record_blocks(
            typed, vocabulary, read, list(book.needs), problems, newest_is_new=is_added
        ),
        kinds=trial_inputs.kind_choice(vocabulary, read),
        expectation=trial_inputs.expectation_inputs(typed, problems),
        case_title=trial_inputs.title_input(typed, problems),
        examples=tuple(
            figures.Option(str(number), example.say)
            for number, example in enumerate(examples_of_rule(book, need))
        )
        if is_blank
        else (),
        save=_("Simpan perubahan") if may_change else "" if kept else _("Simpan ke kumpulan kasus"),
        save_new=_("Simpan sebagai kasus baru") if kept else "",
        drop=reverse("desk:trial_drop", args=[kept.id]) if kept is not None and may_change else "",
        printed_facts=page_of.printed_facts(case.life, vocabulary, case.on),
        printed_life=page_of.printed_life(case.life, vocabulary, needs, case.on),
    )
    return render(request, "desk/trial.html", {"page": page, "here": request.path})


def _case(found: form.Read, typed: Typed) -> Case:
    return read_case(load_book(), {**found.raw, "id": "ini", "ask": [typed.need]}, 1)


def _start(request: HttpRequest, need: Need) -> tuple[Start | None, str]:
    """The life to begin with, if one was asked for; else why there is none."""
    number, person = request.GET.get("contoh", ""), request.GET.get("orang", "").strip()
    if person:
        try:
            key = parse_record_id(person)
        except ValueError:
            return None, _(
                "'%(text)s' bukan nomor orang. Nomor itu ada di alamat halaman orang, seperti 1-23."
            ) % {"text": person[:20]}
        shift = 0 if request.GET.get("hari") == _KEPT_DAYS else -dates.LEAP_CYCLE_DAYS
        start = start_from_person(request.user, load_book(), key, need, clock.today(), shift)
        note(request.user, "salin untuk uji aturan", format_record_id(key), need.name)
        return start, ""
    if number.isascii() and number.isdecimal() and len(number) < len("1000"):
        return start_from_example(load_book(), need, int(number)), ""
    return None, ""


def _need(name: str) -> Need | None:
    return next((need for need in load_book().needs if need.name == name), None)


def _kept(case_id: int) -> Kept:
    kept = kept_case(case_id)
    if kept is None:
        raise Http404(case_id)
    return kept


def _editor(request: HttpRequest, kept: Kept) -> User | None:
    """The user, when they may change this case: Dinkes any, others what they wrote themselves."""
    user = request.user
    if isinstance(user, User) and (may(user, EDIT_CASES) or user.pk == kept.author_id):
        return user
    return None
