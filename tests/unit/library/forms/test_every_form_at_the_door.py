"""Every form filled in with answers drawn at random: its records pass the door, and read back as the answers."""

from __future__ import annotations

import random
from typing import Any

import pytest

from siklus.kernel.dates import iso, parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import Visit, answers_of, drafts_of, fill
from siklus.library.forms.model import ASK, TICK, Form, Item
from siklus.library.loading import load_book
from siklus.records.checks import Surroundings, check_record
from siklus.records.drafts import StoredRecord
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

TODAY = parse_day("2026-11-22")
NAMES = sorted(load_forms().by_name)
FILLINGS = 6


def answer(item: Item, chance: random.Random) -> Any:
    """A right answer; days lie on the day of the visit, which every limit of a day allows."""
    field = item.field
    if field.codes is not None:
        return chance.choice(item.only or list(load_book().vocabulary.codes[field.codes]))
    if field.type == "bool":
        return chance.random() < 0.7
    if field.type == "date":
        return iso(TODAY)
    if field.type == "text":
        return "contoh"
    if field.type == "need":
        return chance.choice([need.name for need in load_book().needs])
    low, high = field.plausible or field.possible or (1, 30)
    return (
        round(chance.uniform(low, high), field.places)
        if field.places
        else chance.randint(int(low), int(high))
    )


def subject(form: Form, chance: random.Random) -> Subject:
    facts: dict[str, Any] = {
        "died": None,
        "id": 7,
        "sex": chance.choice("lp"),
        "kelas": chance.choice((None, 1, 7)),
    }
    facts["birth"] = TODAY - chance.choice((0, 20, 100, 400, 1500, 4000, 6000, 12000, 18000, 26000))
    return Subject(HOUSEHOLD if form.unit == HOUSEHOLD else PERSON, facts)


@pytest.mark.parametrize("name", NAMES)
def test_the_records_of_a_filling_pass_the_door_and_read_back(name: str) -> None:
    book, chance = load_book(), random.Random(name)
    needs = {need.name for need in book.needs}
    for form in load_forms().versions(name):
        for _ in range(FILLINGS):
            whom = subject(form, chance)
            answers = {
                item.id: answer(item, chance)
                for item in form.questions
                if chance.random() < 0.8 or item.is_required
            }
            filled = fill(form, answers, whom, TODAY)
            assert filled.missing == ()
            visit = Visit(
                on=TODAY, person=7, household=8, by_role="bidan", place_kind=form.at[0], subject=whom
            )
            drafts = drafts_of(form, answers, visit, book.vocabulary)
            kept = []
            for number, draft in enumerate(drafts, 1):
                checked = check_record(
                    kind=draft.kind,
                    on=draft.on,
                    data=draft.data,
                    by_role=draft.by_role,
                    place_kind=draft.place_kind,
                    vocabulary=book.vocabulary,
                    around=Surroundings(today=TODAY, needs=needs),
                )
                assert checked.problems == (), (form.edition, draft)
                if form.unit == HOUSEHOLD:
                    assert draft.person is None
                kept.append(
                    StoredRecord(
                        id=number, seq=number, kind=draft.kind, person=7, household=None, on=draft.on, root=number,
                        data=draft.data, by_role=draft.by_role, place_kind=draft.place_kind,
                    )
                )  # fmt: skip
            written = {draft.kind for draft in drafts}
            back = answers_of(form, kept)
            for item in filled.items:
                if item.how == TICK:
                    assert back.get(item.id) == filled.answers.get(item.id), (form.edition, item.id)
                elif item.how == ASK and form.records[item.record].kind in written and item.id in back:
                    assert back[item.id] == filled.answers.get(item.id, back[item.id]), (
                        form.edition,
                        item.id,
                    )


def test_what_a_form_registers_comes_before_what_is_written_about_it() -> None:
    for name in ("daftar_orang", "kelahiran", "daftar_keluarga"):
        form, chance = load_forms().form(name), random.Random(name)
        answers = {item.id: answer(item, chance) for item in form.questions}
        whom = Subject(HOUSEHOLD if form.unit == HOUSEHOLD else PERSON)
        drafts = drafts_of(form, answers, Visit(on=TODAY, subject=whom), load_book().vocabulary)
        assert drafts[0].ref and all("@" + drafts[0].ref in (d.person, d.household) for d in drafts[1:])
