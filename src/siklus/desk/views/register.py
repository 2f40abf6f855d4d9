"""Daftarkan: a person, a newborn or a family, by the forms of the knowledge. Who may be known already is shown first.

A person is asked for in two parts, so that nobody types a whole form about somebody who is there. Everything goes
through the one door; a form that is sent twice is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from siklus.access import clock, tickets
from siklus.access.actions import note
from siklus.access.may import LOOK_UP, REGISTER, may, may_use_form, may_write_record, profession_of
from siklus.access.queries import User, access_household, household_meant
from siklus.access.scope import Visitor, access_households, access_persons
from siklus.care import actions as care
from siklus.desk import registering, sheet_form
from siklus.desk.pages import register as page_of
from siklus.desk.registering import FAMILY, POSYANDU, VILLAGE, Known
from siklus.desk.sheet_form import Sheet
from siklus.desk.views.common import family_href, only_for, person_href
from siklus.doubles.keeping import look_at
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.library.forms import load_forms
from siklus.library.forms.filling import registration_of
from siklus.library.forms.model import Form
from siklus.library.loading import load_book
from siklus.monitoring.actions import settle_outcomes
from siklus.records.drafts import DraftRecord, newcomers
from siklus.records.persons import BIRTH
from siklus.register.queries import Household

NAME, TICKET, PART, NOT_THEM, ACT = "nama", "karcis", "bagian-formulir", "bukan-mereka", "aksi-daftar"
"""Beside the questions: hyphens keep them apart, for no question has one. NAME is brought along by a search."""
WHOLE_FORM, BACK = "lengkap", "kembali"
_LONGEST = 80


def additions(user: Visitor, household_id: int) -> list[tuple[str, str]]:
    """The ways to write somebody into a family, in words; none for who may not."""
    if not isinstance(user, User) or not may(user, REGISTER):
        return []
    family, words_of = format_record_id(household_id), {BIRTH: _("Catat kelahiran")}
    return [
        (words_of.get(written.kind, _("Tambah anggota keluarga")), _address(form, family))
        for form in _forms(user)
        if not registering.registers_family(form) and (written := registration_of(form)) is not None
    ]


def ways_in(user: Visitor, name: str) -> list[tuple[str, str]]:
    """What to do about somebody of whom a search found nothing; none for who may not register."""
    if not isinstance(user, User) or not may(user, REGISTER):
        return []
    brought = "" if any(letter.isdigit() for letter in name) else f"?{urlencode({NAME: name})}"
    return [
        (form.title, _address(form, "") + ("" if registering.registers_family(form) else brought))
        for form in _forms(user)
    ]


@require_safe
@only_for(REGISTER)
def registers(request: HttpRequest) -> HttpResponse:
    """The forms by which somebody comes into the register."""
    family, forms = request.GET.get(FAMILY, ""), _forms(_user(request))
    lines = [(form.title, _address(form, family), form.note) for form in forms]
    return render(request, "desk/registers.html", {"lines": lines})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@only_for(REGISTER)
def register(request: HttpRequest, name: str) -> HttpResponse:
    """One of them: the form, who may be meant, and when nobody is, the registration."""
    user = _user(request)
    form = next((each for each in _forms(user) if each.name == name), None)
    if form is None:
        raise Http404(name)
    texts = sheet_form.typed_from(request.POST, form)
    home = _home(user, form, texts, request.GET.get(FAMILY, ""))
    around = registering.around_of(user, home)
    if request.method == "GET":
        brought = " ".join(request.GET.get(NAME, "")[:_LONGEST].split())
        texts |= registering.usual(form, around, home)
        texts |= {item.id: brought for item in form.questions if item.field.name == NAME}
    sheet = sheet_form.read(form, texts, around, load_book().vocabulary, clock.today())
    is_whole = request.POST.get(PART) == WHOLE_FORM or registering.registers_family(form)
    if request.method == "GET":
        return _shown(request, sheet, home, {}, is_whole=is_whole)
    if tickets.is_used(_ticket(request)):
        return _was_kept(request)
    problems = sheet.problems if is_whole else sheet.problems_in({item.id for item in form.sections[0].items})
    if problems or request.POST.get(ACT) == BACK:
        return _shown(request, sheet, home, problems, is_whole=is_whole)
    drafts = registering.drafts(sheet, user, profession_of(user), clock.today())
    unseen = [
        each
        for each in registering.known_already(user, drafts[0])
        if _sign(request, each) not in request.POST.getlist(NOT_THEM)
    ]
    if unseen:
        return _known(request, sheet, unseen)
    if not is_whole:
        return _shown(request, sheet, home, {}, is_whole=True)
    return _registered(request, sheet, home, drafts)


def _registered(
    request: HttpRequest, sheet: Sheet, home: Household | None, drafts: Sequence[DraftRecord]
) -> HttpResponse:
    """On to whoever is registered now, or the form again with what the door said."""
    user, is_family = _user(request), registering.registers_family(sheet.form)
    if not all(may_write_record(user, draft.kind, draft.data) for draft in drafts):
        closed = {sheet_form.WHOLE: _("Ini hanya dicatat oleh petugas yang merawatnya.")}
        return _shown(request, sheet, home, closed, is_whole=True)
    with transaction.atomic():
        key, problems = _written(user, sheet, drafts, clock.today())
        is_second = not problems and not tickets.use(_ticket(request))
        if problems or is_second:
            transaction.set_rollback(True)
    if is_second:
        return _was_kept(request)
    if problems:
        return _shown(request, sheet, home, problems, is_whole=True)
    messages.success(request, _("%(form)s disimpan.") % {"form": sheet.form.title})
    if is_family:
        messages.info(request, _("Sekarang daftarkan anggotanya, kepala keluarga dahulu."))
        return HttpResponseRedirect(family_href(key))
    return HttpResponseRedirect(person_href(key) if home is None else family_href(home.id))


def _written(
    user: User, sheet: Sheet, drafts: Sequence[DraftRecord], today: int
) -> tuple[int, dict[str, str]]:
    """Who was registered, with what follows from it and the line of the audit; or why that cannot be."""
    outcomes = care.append_records(drafts, author=user, today=today, refresh=False)
    told = zip(drafts, outcomes, strict=True)
    refused = [(draft, problem) for draft, outcome in told for problem in outcome.problems]
    if refused:
        return 0, sheet_form.problems_of(refused, sheet.form)
    key = outcomes[0].key or 0
    theirs = access_households(user) if registering.registers_family(sheet.form) else access_persons(user)
    if not theirs.filter(id=key).exists():
        said = _("Pilih desa atau posyandu di wilayah Anda, supaya Anda dapat melihatnya lagi.")
        places = {item.id: said for item in sheet.items if item.field.name in (POSYANDU, VILLAGE)}
        return 0, places or {sheet_form.WHOLE: said}
    settle_outcomes(outcomes, today)
    look_at(newcomers(outcomes))
    note(user, "daftarkan", format_record_id(key), sheet.form.name)
    return key, {}


def _known(request: HttpRequest, sheet: Sheet, known: Sequence[Known]) -> HttpResponse:
    """Who may be meant. Each is a line of the audit, also those of whom nothing is shown."""
    user = _user(request)
    for each in known:
        action = "mungkin sudah terdaftar di luar" if each.is_elsewhere else "mungkin sudah terdaftar"
        for key in each.keys:
            note(user, action, format_record_id(key), sheet.form.name)
    hrefs = {
        key: family_href(key) if each.family is not None else person_href(key)
        for each in known
        for key in each.keys
    }
    page = page_of.known_page(
        sheet, known, hrefs, load_book().vocabulary, is_family=registering.registers_family(sheet.form),
        today=clock.today(),
    )  # fmt: skip
    signs = [*request.POST.getlist(NOT_THEM), *(_sign(request, each) for each in known)]
    context = {
        "page": page, "ticket": _ticket(request), "part": request.POST.get(PART, ""), "signs": signs,
        "emergency": reverse("desk:emergency") if may(user, LOOK_UP) else "",
    }  # fmt: skip
    return render(request, "desk/register_known.html", context)


def _shown(
    request: HttpRequest, sheet: Sheet, home: Household | None, problems: Mapping[str, str], *, is_whole: bool
) -> HttpResponse:
    said = "" if is_whole else _("Siapa dia? Sesudah ini dicari dahulu, apakah ia sudah terdaftar.")
    if home is not None:
        said = _("Keluarga %(head)s") % {"head": registering.family_words(home)}
    sections = sheet.form.sections if is_whole else sheet.form.sections[:1]
    page = page_of.register_page(
        sheet, sections, problems, load_book().vocabulary, said=said, is_last=is_whole,
        begin=int(is_whole and not registering.registers_family(sheet.form)),
    )  # fmt: skip
    back = family_href(home.id) if home is not None else reverse("desk:search")
    context = {
        "page": page, "ticket": _ticket(request) or tickets.new(), "part": WHOLE_FORM if is_whole else "",
        "signs": request.POST.getlist(NOT_THEM), "back": back,
    }  # fmt: skip
    return render(request, "desk/register.html", context)


def _home(user: User, form: Form, texts: dict[str, str], asked: str) -> Household | None:
    """The family that the page is about: the one it was opened from, or that was meant by what was typed.

    What was typed becomes its number. NotInScope for an address that names a family elsewhere.
    """
    if asked and not registering.registers_family(form):
        try:
            return access_household(user, parse_record_id(asked))
        except ValueError:
            raise Http404(asked) from None
    for item in form.questions:
        if item.field.name == FAMILY and texts[item.id]:
            key = household_meant(user, texts[item.id])
            if key is not None:
                texts[item.id] = format_record_id(key)
                return access_household(user, key)
    return None


def _forms(user: User) -> list[Form]:
    """The registrations that this user fills in, persons first."""
    found = (form for form in load_forms().current if registration_of(form) is not None)
    return sorted((form for form in found if may_use_form(user, form)), key=registering.registers_family)


def _address(form: Form, family: str) -> str:
    query = f"?{FAMILY}={family}" if family and not registering.registers_family(form) else ""
    return reverse("desk:register", args=[form.name]) + query


def _sign(request: HttpRequest, known: Known) -> str:
    """What stands for those somebody was shown: no number of a person is in it."""
    return salted_hmac("siklus.desk.register", f"{_ticket(request)} {known.keys}").hexdigest()


def _ticket(request: HttpRequest) -> str:
    return request.POST.get(TICKET, "")


def _was_kept(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Pendaftaran ini sudah disimpan tadi."))
    return HttpResponseRedirect(reverse("desk:search"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
