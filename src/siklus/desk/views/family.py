"""The page of one family: everybody in scope who lives there, and what each is owed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import absent_needs, reads_plainly, unexplained_needs
from siklus.access.queries import PersonLine, access_household, person_lines
from siklus.access.scope import SEE_PERSONS, Visitor
from siklus.care.queries import household_life
from siklus.desk import words
from siklus.desk.pages import family as page_of
from siklus.desk.pages import services
from siklus.desk.pages.person import sex_letter, stage_title
from siklus.desk.pages.reasons import short_roles, title_for
from siklus.desk.pages.search import address_words
from siklus.desk.pages.services import ServiceLine
from siklus.desk.standing import Standing, standings
from siklus.desk.views.common import only_for, person_href, place_crumbs
from siklus.desk.views.register import additions
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.library.stages import load_stages
from siklus.register import areas
from siklus.register import queries as register
from siklus.register.identity import KK, opened
from siklus.rules.explain import reason


@only_for(SEE_PERSONS)
def family(request: HttpRequest, household_id: int) -> HttpResponse:
    """Who lives together and what waits, the head first, then by age."""
    home = access_household(request.user, household_id)
    note(request.user, "lihat keluarga", format_record_id(home.id))
    today = clock.today()
    members = register.household_members(home.id)
    found = person_lines(request.user, [member.id for member in members])
    standing = standings(request.user, found, today)
    relations = {member.id: member.relation for member in members}
    lines = tuple(
        _member(
            found[member.id],
            relations[member.id],
            standing[member.id],
            today,
            not reads_plainly(request.user),
        )
        for member in members
        if member.id in found
    )
    head = found.get(home.head_id) if home.head_id is not None else None
    area = areas.place_or_facility(home.posyandu_code or home.desa_code)
    names = areas.names_of({home.desa_code})
    street = ", ".join(
        part for part in (home.alamat, address_words(home.rt, names.get(home.desa_code, ""))) if part
    )
    together, together_met = _together(request.user, home.id, today)
    title = _("Keluarga %(head)s") % {"head": head.name} if head else _("Keluarga")
    page = page_of.family_page(
        head=head.name if head else "",
        no_kk=opened(KK, home.sealed_kk),
        address=street,
        members=lines,
        together=together,
        together_met=together_met,
        crumbs=place_crumbs(request.user, area, reverse("desk:needs"), last=title) if area else [(title, "")],
    )
    context = {"page": page, "additions": additions(request.user, home.id)}
    return render(request, "desk/family.html", context)


def _together(user: Visitor, household_id: int, today: int) -> tuple[tuple[ServiceLine, ...], str]:
    """What the family is owed as such, each with its whole reason, and what is only asked when they are met."""
    book, life = load_book(), household_life(household_id, today)
    if life is None:
        return (), ""
    absent, untold, for_kader = absent_needs(user), unexplained_needs(user), not reads_plainly(user)
    answers = (answer for answer in book.engine.needs(life, today) if answer.need not in absent)
    owed = [(answer, book.need(answer.need)) for answer in answers]
    shown = [*services.sought(owed), *((answer, need) for answer, need in owed if answer.status == "done")]
    lines = tuple(
        ServiceLine(
            answer.status,
            title_for(need, for_kader=for_kader),
            "" if need.name in untold else reason(book.rules, need, answer, life.person, life, today),
            short_roles(need.by, book.vocabulary),
        )
        for answer, need in shown
    )
    return lines, services.met_words(services.met(owed), for_kader=for_kader)


def _member(
    line: PersonLine, relation: str, standing: Standing, today: int, for_kader: bool
) -> page_of.MemberLine:
    book = load_book()
    code = book.vocabulary.codes["hubungan"].get(relation)
    stage = load_stages().at(line.birth, today, standing.episodes)
    owed = [(answer, book.need(answer.need)) for answer in standing.answers]
    waiting, met = services.sought(owed), services.met_words(services.met(owed), for_kader=for_kader)
    lines = tuple(services.service_lines(waiting, book.vocabulary, today, line.birth, for_kader=for_kader))
    return page_of.MemberLine(
        name=line.name,
        href=person_href(line.id),
        said=f"{sex_letter(line.sex)}, {words.age(line.birth, today)}",
        relation=code.label if code else words.UNKNOWN,
        born=words.day(line.birth),
        stage=stage.key if stage else "",
        stage_said=_("Tahap hidup: %(stage)s") % {"stage": stage_title(stage)},
        needs=lines,
        waiting=len(waiting),
        met=met,
        span=str(max(1, len(lines)) + bool(met)),
        nothing=_("Diperiksa %(n)s layanan.") % {"n": words.number(len(standing.answers))},
    )
