"""Sheets that people fill in: every form of the knowledge folder now and then, whichever forms there are.

Only of people about whom the other stories have nothing left to say: whoever lacks something there is left alone, and
what those stories count is never written here. So no account changes with a form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from seed import account
from seed.assumptions import Section
from seed.days import iso
from seed.notebook import Ref, compact
from seed.scene import Resident, Scene
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import Visit, drafts_of, is_offered
from siklus.library.forms.model import TICK, Form, Item
from siklus.library.loading import load_book
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, PERSON, Vocabulary


def tell_paper(scene: Scene, residents: Sequence[Resident]) -> None:
    """A few fillings of each form, of people it is for."""
    rules = scene.assumptions.paper
    told = _with_something_left(scene)
    people = [
        person for person in residents
        if person.is_here and person.knows_birth and person.known_from < scene.on and person.ref not in told
    ]  # fmt: skip
    vocabulary = load_book().vocabulary
    # Those for whom something must be going on come last: other sheets may have begun it.
    forms = sorted(load_forms().current, key=lambda form: "open(" in form.gate_text)
    for form in forms:
        if form.group in rules.groups:
            groups = list(_groups(scene, people, rules))
            for person in _for_whom(scene, form, groups, rules):
                _fill_in(scene, form, person, vocabulary)


def _groups(scene: Scene, people: Sequence[Resident], rules: Section) -> Iterator[list[Resident]]:
    """People by what is going on with them, and by age, so that few of a kind are found as easily as many."""
    for episode in sorted(set(scene.open_units.values())):
        yield [person for person in people if scene.open_units.get(person.ref) == episode]
    for low, high in pairwise(rules.between_days):
        yield [person for person in people if low <= scene.on - person.soul.birth < high]


def _with_something_left(scene: Scene) -> set[Ref]:
    """People whom the account calls incomplete or unclear: what a sheet says of them might make them complete."""
    person_of, out_of_reach = scene.notebook.person_of, scene.assumptions.paper.out_of_reach
    return {
        person_of(unit.ref)
        for indicator, units in scene.account.units.items()
        if indicator not in out_of_reach
        for unit in units
        if unit.verdict != account.COMPLETE
    }


def _for_whom(
    scene: Scene, form: Form, groups: Sequence[Sequence[Resident]], rules: Section
) -> list[Resident]:
    """Some of the people the form is surely for; a few tries in each group, since most forms are for few."""
    found: list[Resident] = []
    for group in groups:
        for _ in range(rules.tries if group else 0):
            person = group[scene.rng.randrange(len(group))]
            if person not in found and _is_for(scene, form, person):
                found.append(person)
                break
    scene.rng.shuffle(found)
    return found[: rules.fillings]


def _is_for(scene: Scene, form: Form, person: Resident) -> bool:
    return form.unit == HOUSEHOLD or is_offered(form, _subject(scene, form, person), scene.on)


def _subject(scene: Scene, form: Form, person: Resident) -> Subject:
    if form.unit == HOUSEHOLD:
        return Subject(HOUSEHOLD, {"id": 0, "died": None})
    facts = {"id": 0, "died": None, "birth": person.soul.birth, "sex": person.soul.sex, "kelas": None}
    open_unit = scene.open_units.get(person.ref)
    records = {} if open_unit is None else {EPISODE_KIND + open_unit: [_going_on(open_unit, scene.on)]}
    return Subject(PERSON, facts, records)


def _going_on(episode: str, on: int) -> dict[str, Any]:
    """The episode as a condition of a form sees it: it is open, and nothing else is known of it."""
    known = load_book().vocabulary.fields_of(EPISODE_KIND + episode)
    return {**dict.fromkeys(known), "id": 0, "date": on, "opened": on, "last_day": on}


def _fill_in(scene: Scene, form: Form, person: Resident, vocabulary: Vocabulary) -> None:
    rules, rng = scene.assumptions.paper, scene.rng
    earliest = max(person.known_from, person.first_day)
    on = max(earliest, scene.on - scene.between(*rules.days_ago))
    answers = dict(_answers(scene, form, on, vocabulary))
    role, place = form.who[rng.randrange(len(form.who))], form.at[rng.randrange(len(form.at))]
    visit = Visit(on=on, by_role=role, place_kind=place, subject=_subject(scene, form, person))
    for draft in drafts_of(form, answers, visit, vocabulary):
        if draft.kind not in rules.told_elsewhere:
            is_family = form.unit == HOUSEHOLD
            scene.notebook.write(
                draft.kind,
                None if is_family else person.ref,
                draft.on,
                compact(draft.data),
                draft.by_role,
                draft.place_kind,
                household=person.house.ref if is_family else None,
            )
            for episode in vocabulary.episodes.values():
                if any(o.kind == draft.kind and o.takes(draft.data) for o in episode.openers):
                    scene.open_units.setdefault(person.ref, episode.name)


def _answers(scene: Scene, form: Form, on: int, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    """An answer to most questions whose record is written here."""
    for item in form.questions:
        is_asked = form.records[item.record].kind not in scene.assumptions.paper.told_elsewhere
        if is_asked and (item.is_required or scene.chance(scene.assumptions.paper.answered)):
            yield item.id, _answer(scene, item, on, vocabulary)


def _answer(scene: Scene, item: Item, on: int, vocabulary: Vocabulary) -> Any:
    rules, field, rng = scene.assumptions.paper, item.field, scene.rng
    if field.codes is not None:
        words = item.only or tuple(vocabulary.codes[field.codes])
        return words[rng.randrange(len(words))]
    if field.type == "bool":
        return scene.chance(rules.given if item.how == TICK else rules.agreed)
    if field.type == "date":
        return iso(on)
    if field.type == "text":
        return rules.text
    low, high = field.plausible or field.possible or rules.number
    return round(rng.uniform(low, high), field.places) if field.places else rng.randint(int(low), int(high))
