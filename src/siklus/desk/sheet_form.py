"""A form of the knowledge as it is filled in at the desk: what was typed, what it reads as, what stands, what is wrong.

The questions, their order and their conditions are the form's. Only values that point into the register (a village, a
family, a mother) are helped along: by a menu, or by whoever knows a card's number in the place of an id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from siklus.desk.typed import NO, TOO_LONG, YES, read_value, sentence
from siklus.kernel.problems import Problem
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import Filled, fill
from siklus.library.forms.model import Form, Item
from siklus.records.drafts import DraftRecord
from siklus.rules.vocabulary import Vocabulary

WHOLE = ""
"""The name under which a problem stands that is about no single question."""
DIGITS = {"nik": 16, "kk": 16}
"""How long the numbers of the state are."""
_BETWEEN = " .-'"
Menu = Sequence[tuple[str, str]]
Finder = Callable[[str], str | None]
"""The id of what a typed number means, for this user; None when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the register and the user bring along: answers to choose from, and who looks numbers up, by field."""

    menus: Mapping[str, Menu] = field(default_factory=dict)
    finders: Mapping[str, Finder] = field(default_factory=dict)
    may_fill_in: Callable[[Item], bool] = lambda _item: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form so far. `texts` are what was typed, by question; `problems` what is wrong with it."""

    form: Form
    texts: Mapping[str, str]
    filled: Filled
    problems: Mapping[str, str]
    around: Around

    @property
    def items(self) -> tuple[Item, ...]:
        """The questions that stand and that this user puts."""
        return tuple(each for each in self.filled.items if each.is_answered and self.around.may_fill_in(each))

    def problems_in(self, names: Collection[str]) -> dict[str, str]:
        """Those of some questions only."""
        return {name: said for name, said in self.problems.items() if name in names}


def typed_from(post: Mapping[str, str], form: Form) -> dict[str, str]:
    """The answers as they were sent."""
    return {each.id: " ".join(post.get(each.id, "").split())[:TOO_LONG] for each in form.questions}


def read(form: Form, texts: Mapping[str, str], around: Around, vocabulary: Vocabulary, today: int) -> Sheet:
    """The form as it was filled in. What does not stand by the other answers is not asked, and not wrong."""
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for item in form.questions:
        text = texts.get(item.id, "")
        if text and around.may_fill_in(item):
            answers[item.id], problem = _value(item, text, around, vocabulary)
            if problem:
                problems[item.id] = problem
    filled = fill(form, answers, Subject(), today)
    standing = {item.id for item in filled.items}
    problems = {name: said for name, said in problems.items() if name in standing}
    for item in filled.missing:
        problems.setdefault(item.id, _("%(what)s belum diisi.") % {"what": item.label})
    asked = {item.id: texts.get(item.id, "") for item in form.questions if around.may_fill_in(item)}
    return Sheet(form=form, texts=asked, filled=filled, problems=problems, around=around)


def options_of(item: Item, around: Around, vocabulary: Vocabulary) -> Menu:
    """What can be chosen; empty where something is typed."""
    if item.field.name in around.menus:
        return around.menus[item.field.name]
    if item.field.type == "bool":
        return [(YES, item.words.get(YES, _("Ya"))), (NO, item.words.get(NO, _("Tidak")))]
    if item.field.codes is None:
        return ()
    codes = vocabulary.codes[item.field.codes]
    return [(word, item.words.get(word, codes[word].label or word)) for word in item.only or codes]


def problems_of(refused: Sequence[tuple[DraftRecord, Problem]], form: Form) -> dict[str, str]:
    """What the door said of drafts, by the question that asked for it; several about one stand together."""
    told: dict[str, str] = {}
    for draft, problem in refused:
        name = problem.where.rpartition(", ")[2]
        found = (
            item.id
            for item in form.questions
            if item.field.name == name and form.records[item.record].kind == draft.kind
        )
        where = next(found, WHOLE)
        told[where] = " ".join(filter(None, (told.get(where), sentence(problem))))
    return told


def _value(item: Item, text: str, around: Around, vocabulary: Vocabulary) -> tuple[Any, str]:
    """(value as on the wire, problem)."""
    spec = item.field
    options = options_of(item, around, vocabulary)
    if options and text not in dict(options):
        return None, _("Pilih salah satu dari daftar.")
    if spec.name in around.finders:
        found = around.finders[spec.name](text)
        return found, "" if found else _("%(what)s tidak ada di wilayah Anda. Periksa nomornya.") % {
            "what": text
        }
    if spec.identifier:
        number = "".join(letter for letter in text if letter not in _BETWEEN)
        wanted = DIGITS[spec.identifier]
        if not (number.isascii() and number.isdigit() and len(number) == wanted):
            return None, _("Harus %(n)s angka. Kosongkan bila belum ada, jangan dikarang.") % {"n": wanted}
        return number, ""
    return read_value(spec, text)
