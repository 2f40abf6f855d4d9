"""The page of one person. Looking is logged; outside the user's scope the person does not exist."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import HAND_OUT, MERGE_PERSONS, RECORD, TRY_RULES, may, reads_plainly
from siklus.access.queries import PersonLine, access_person, person_lines
from siklus.access.scope import SEE_PERSONS, Visitor
from siklus.care.entrusting import may_entrust
from siklus.care.queries import seen_line, time_line
from siklus.care.tasks import TASK
from siklus.desk import record_form, words
from siklus.desk.pages import person as page_of
from siklus.desk.pages.search import address_words
from siklus.desk.standing import Standing, reasons_of, rule_words, standings
from siklus.desk.views.common import (
    family_href,
    one_of,
    only_for,
    person_crumbs,
    person_href,
)
from siklus.desk.views.guests import visit_notice
from siklus.kernel.ids import format_record_id
from siklus.library.education import load_education
from siklus.library.loading import load_book
from siklus.library.stages import load_stages
from siklus.register import queries as register
from siklus.register.queries import Person

_TOLD = ("overdue", "due", "refused")


@only_for(SEE_PERSONS)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who it is, what is owed and why, the life, the family. An absorbed person leads to the one standing for them."""
    who = access_person(request.user, person_id)
    if who.id != person_id:
        return HttpResponseRedirect(person_href(who.id))
    note(request.user, "lihat orang", format_record_id(who.id))
    today, book, stages = clock.today(), load_book(), load_stages()
    lines = _family_lines(request.user, who)
    standing = standings(request.user, lines, today)
    own = lines[who.id]
    stage = stages.at(who.birth, today, standing[who.id].episodes)
    open_fold = one_of(request.GET.get(page_of.OPEN_FOLD), (*page_of.FOLDS, page_of.MET), "")
    shown = [
        answer
        for answer in standing[who.id].answers
        if answer.status == page_of.FOLDS.get(open_fold)
        or (answer.status in _TOLD and (answer.need in book.sought or open_fold == page_of.MET))
    ]
    for_kader = not reads_plainly(request.user)
    # The rule's own explanation names conditions, and speaks Indonesian only: others read the plain reason.
    is_told = words.is_indonesian() and not for_kader
    told = reasons_of(request.user, standing[who.id], shown, today) if is_told else {}
    page = page_of.person_page(
        _identity(who, own),
        standing[who.id],
        seen_line(request.user, time_line(who.id)),
        page_of.Sayings(
            needs={need.name: need for need in book.needs},
            classes={rule.name: rule for rule in book.classifications},
            rules={} if for_kader else {need.name: rule_words(need.name) for need in book.needs},
            education=load_education(),
            vocabulary=book.vocabulary,
        ),
        told=told,
        today=today,
        stage=stage,
        stages=stages,
        open_fold=open_fold,
        kin=_kin(request.user, who, lines, standing, today),
        family_href=family_href(who.household_id) if who.household_id is not None else "",
        crumbs=person_crumbs(request.user, who),
        for_kader=for_kader,
        change=partial(_change_href, who.id) if may(request.user, RECORD) else None,
        visit=visit_notice(request.user, who, today),
    )
    trial = (
        f"{reverse('desk:trial_new')}?orang={format_record_id(who.id)}"
        if may(request.user, TRY_RULES)
        else ""
    )
    write = reverse("desk:record_new", args=[who.id]) if may(request.user, RECORD) else ""
    ask = f"{write}?{record_form.KIND}={TASK}" if write else ""
    held = reverse("desk:held", args=[who.id]) if may(request.user, HAND_OUT) else ""
    is_merged = may(request.user, MERGE_PERSONS) and bool(register.absorbed_into([who.id]))
    merges = reverse("desk:merges", args=[who.id]) if is_merged else ""
    entrust = reverse("desk:entrust", args=[who.id]) if may_entrust(request.user, who.id) else ""
    context = {
        "page": page,
        "trial": trial,
        "write": write,
        "ask": ask,
        "held": held,
        "merges": merges,
        "entrust": entrust,
    }
    return render(request, "desk/person.html", context)


def _change_href(person_id: int, record: int) -> str:
    return reverse("desk:record_change", args=[person_id, record])


def _family_lines(user: Visitor, who: Person) -> dict[int, PersonLine]:
    """This person and those of the family who are in scope, the head first, then by age."""
    members = register.household_members(who.household_id) if who.household_id is not None else ()
    found = person_lines(user, {who.id, *(member.id for member in members)})
    ordered = [member.id for member in members if member.id in found]
    return {key: found[key] for key in (*ordered, *(() if who.id in ordered else (who.id,)))}


def _identity(who: Person, line: PersonLine) -> page_of.Identity:
    return page_of.Identity(
        name=who.name,
        birth=who.birth,
        sex=who.sex,
        nik=line.nik,
        mother=line.mother_name,
        address=address_words(line.rt, line.desa_name),
        posyandu=line.posyandu_name,
        has_jkn=who.jkn,
        died=who.died,
        left=who.left,
    )


def _kin(
    user: Visitor, who: Person, lines: dict[int, PersonLine], standing: dict[int, Standing], today: int
) -> tuple[page_of.Kin, ...]:
    if len(lines) < 2:
        return ()
    book = load_book()
    needs = {need.name: need for need in book.needs}
    relations = book.vocabulary.codes["hubungan"]
    relation_by_id = {
        member.id: member.relation
        for member in (register.household_members(who.household_id) if who.household_id is not None else ())
    }
    kin = []
    for key, line in lines.items():
        status, titles = page_of.worst_of(standing[key].answers, needs, for_kader=not reads_plainly(user))
        stage = load_stages().at(line.birth, today, standing[key].episodes)
        relation = relations.get(relation_by_id.get(key, ""))
        kin.append(
            page_of.Kin(
                name=line.name,
                href=person_href(key) if key != who.id else "",
                said=", ".join(
                    part
                    for part in (relation.label.lower() if relation else "", words.age(line.birth, today))
                    if part
                ),
                stage=stage.key if stage else "",
                status=status,
                what=_named(titles),
            )
        )
    return tuple(kin)


def _named(titles: tuple[str, ...]) -> str:
    if len(titles) > 1:
        return _("%(first)s dan %(n)s lagi") % {"first": titles[0], "n": words.number(len(titles) - 1)}
    return "".join(titles)
