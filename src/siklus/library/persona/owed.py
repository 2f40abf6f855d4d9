"""What somebody who was described in words is owed: now, to catch up, soon, and what hangs on something not said.

The rules are asked about the life as it was said. Where they answer "unknown" for want of a fact, each value of that
fact is tried, and the need is told with the values under which it is owed: "bila umur 30-50 tahun, pernah menikah".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby
from typing import Any

from siklus.kernel import dates
from siklus.library.case_reading import read_case
from siklus.library.loading import Book
from siklus.library.persona.reading import days_of_birth
from siklus.library.persona.said import Reading
from siklus.library.persona.watching import Watch, watched
from siklus.library.persona.words import Persona, Word
from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.explain import explain_all
from siklus.rules.life import Life
from siklus.rules.shown import inner, listed, shown_field
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Vocabulary

Way = tuple[tuple[str, str], ...]
"""One way to be owed: (fact, its values in words) for each fact that was filled in."""
_BIRTH = "birth"
_DEEPEST, _MOST_VALUES = 3, 40
AT_ANY_AGE = "Berhak pada setiap umur yang mungkin; harinya mengikuti tanggal lahir."
"""The reason where the age was left open and does not matter."""
_OWED = ("overdue", "due")


class Group(Enum):
    """Where a need stands on the page, in the order of the page."""

    NOW = "now"
    CATCH_UP = "catch_up"
    SOON = "soon"
    DEPENDS = "depends"
    WAITS = "waits"
    LATER = "later"
    PAST = "past"
    DONE = "done"
    NOT_FOR = "not_for"


SHOWN = (Group.NOW, Group.CATCH_UP, Group.SOON, Group.DEPENDS)
"""What stands on the page; the others are told on request."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One need. `answer` is None where the rules have nothing to say of such a person; `when` are the conditions."""

    need: Need
    answer: NeedAnswer | None
    group: Group
    reason: str
    when: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A fact that the phrase does not say and that decides about needs; `add` are (title, phrase) that would say it."""

    label: str
    ask: str
    needs: int
    add: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """Needs that hang on the same thing not said. `is_said` when they are about what the phrase speaks of."""

    when: str
    needs: tuple[Need, ...]
    is_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The whole page: every need of the book in its group, what to watch for, what else could be said."""

    reading: Reading
    needs: tuple[Owed, ...]
    watch: tuple[Watch, ...]
    unsaid: tuple[Unsaid, ...]
    also: tuple[Word, ...]
    birth: int | None

    def of(self, group: Group) -> tuple[Owed, ...]:
        """The needs of a group in the order of the page."""
        return tuple(each for each in self.needs if each.group is group)

    def hanging(self, of: Callable[[Owed], bool] = lambda _each: True) -> tuple[Hanging, ...]:
        """What hangs on something not said, by what it hangs on.

        Of a pregnant woman whose age was not said, what the pregnancy asks for comes first; what hangs on her age is
        told apart, for it is much and concerns every woman.
        """
        found: dict[tuple[bool, str], list[Need]] = {}
        speaks = any(each.need.unit != PERSON for each in self.needs if each.group in SHOWN)
        for each in filter(of, self.of(Group.DEPENDS)):
            is_said = not speaks or each.need.unit != PERSON
            found.setdefault((not is_said, each.when), []).append(each.need)
        ordered = sorted(found.items(), key=lambda one: (one[0][0], -len(one[1])))
        return tuple(Hanging(when, tuple(needs), not is_apart) for (is_apart, when), needs in ordered)


def who_is_owed(book: Book, persona: Persona, reading: Reading) -> Owing:
    """The answer to a phrase. Without any age nothing is answered: see `Reading.needs_age`."""
    case = read_case(book, {**reading.case, "id": reading.text}, 1)
    birth = case.life.person.get(_BIRTH)
    if reading.needs_age:
        return Owing(reading=reading, needs=(), watch=(), unsaid=(), also=(), birth=None)
    tried = _Tried(book, persona, reading, case.life)
    reasons = {(one.need, one.unit_id): one.reason for one in explain_all(book.rules, case.life, case.on)}
    window = (persona.fresh.before(case.on), persona.soon.after(case.on))
    ended = {
        (unit, facts["id"])
        for unit, facts, _ in book.engine.units(case.life)
        if unit != PERSON and facts["last_day"] is not None and facts["last_day"] < case.on
    }
    needs = []
    for need in (need for need in book.needs if need.unit != HOUSEHOLD):
        for answer in tried.answers_of(need) or (None,):
            reason = "" if answer is None else reasons.get((need.name, answer.unit_id), "")
            if answer is None or answer.status != "unknown":
                needs.append(Owed(need, answer, _group(need, answer, window), reason, ""))
            elif (need.unit, answer.unit_id) in ended:
                needs.append(Owed(need, answer, Group.PAST, reason, ""))
            else:
                needs.append(_hanging(need, answer, tried, reason))
    return Owing(
        reading=reading,
        needs=tuple(sorted(needs, key=_order)),
        watch=tuple(watched(book, case.life, case.on, tried.births)),
        unsaid=tuple(_unsaid(book.vocabulary, persona, tried.asked)),
        also=tuple(_also(persona, reading, birth)),
        birth=birth,
    )


def _hanging(need: Need, answer: NeedAnswer, tried: _Tried, reason: str) -> Owed:
    """A need that nobody can judge: owed at every age the phrase leaves open, owed under conditions, or not at all."""
    ways = tried.ways(need, {})
    if ways == [()]:
        youngest = tried.values(_BIRTH)[0]
        owed = tried.answers({_BIRTH: youngest})[need.name][0]
        group = Group.NOW if owed.status == "due" or _comes_again(need) else Group.CATCH_UP
        return Owed(
            need, owed._replace(opens=None, due=None, overdue=None, until=None), group, AT_ANY_AGE, ""
        )
    when = tried.when(ways)
    return Owed(need, answer, Group.DEPENDS if when else Group.NOT_FOR, reason, when)


def _group(need: Need, answer: NeedAnswer | None, window: tuple[int, int]) -> Group:
    """Late with what comes again is owed now, by its limits; late for long with what comes once is to be caught up."""
    fresh, soon = window
    match None if answer is None else answer.status:
        case None | "not_applicable":
            return Group.NOT_FOR
        case "due" | "refused":
            return Group.NOW
        case "overdue":
            is_fresh = (_day(answer) or 0) >= fresh
            return Group.NOW if _comes_again(need) or is_fresh else Group.CATCH_UP
        case "not_yet":
            day = _day(answer)
            if day is None:
                return Group.WAITS
            return Group.SOON if day <= soon else Group.LATER
        case "missed":
            return Group.PAST
        case _:
            return Group.DONE


def _comes_again(need: Need) -> bool:
    """True when it is owed again after it was given: by its schedule, or because it opens by the last time."""
    last = (part for part in t.walk(need.opens) if isinstance(part, t.Aggregate) and part.function == "last")
    return need.repeats is not None or any(last)


def _day(answer: NeedAnswer | None) -> int | None:
    """The day on which a need is due; None when it waits for something else."""
    if answer is None:
        return None
    day = answer.due if answer.due is not None else answer.opens
    return None if day is None or day >= dates.NEVER else day


def _order(owed: Owed) -> tuple[int, int, str]:
    """By group; now: what became due last comes first, for that is what belongs to this age; else by day."""
    day = _day(owed.answer)
    day = dates.NEVER if day is None else day
    return (list(Group).index(owed.group), -day if owed.group is Group.NOW else day, owed.need.name)


class _Tried:
    """The answers for a life, and for the same life with facts filled in that were not said."""

    def __init__(self, book: Book, persona: Persona, reading: Reading, life: Life) -> None:
        self.book, self.persona, self.reading, self.life = book, persona, reading, life
        self.known: dict[tuple[tuple[str, Any], ...], dict[str, list[NeedAnswer]]] = {}
        self.asked: dict[str, int] = {}

    def answers_of(self, need: Need) -> tuple[NeedAnswer, ...]:
        """The answers about a need by what was said."""
        return tuple(self.answers({}).get(need.name, ()))

    def answers(self, filled: Mapping[str, Any]) -> dict[str, list[NeedAnswer]]:
        key = tuple(sorted(filled.items()))
        if key not in self.known:
            life = replace(self.life, person={**self.life.person, **filled})
            found: dict[str, list[NeedAnswer]] = {}
            for answer in self.book.engine.needs(life, self.reading.on):
                found.setdefault(answer.need, []).append(answer)
            self.known[key] = found
        return self.known[key]

    def when(self, found: Sequence[Way]) -> str:
        """The ways in words, empty when there is none; what they hang on is counted."""
        for name in {name for way in found for name, _said in way}:
            self.asked[name] = self.asked.get(name, 0) + 1
        said = [", ".join(words for _name, words in way) for way in found]
        return "; atau ".join(dict.fromkeys(said))

    def ways(self, need: Need, filled: Mapping[str, Any]) -> list[Way]:
        """Every way to be owed; an empty one when it is owed whatever the rest may be."""
        answer = next(iter(self.answers(filled).get(need.name, ())), None)
        if answer is None or answer.status not in (*_OWED, "unknown"):
            return []
        if answer.status != "unknown":
            return [()]
        fields = self.book.vocabulary.facts_of(need.unit)
        # The age first: most of what else is asked concerns some ages only.
        open_ = (name for name in (_BIRTH, *answer.asks) if name not in filled and self.values(name))
        name = next(open_, None)
        if name is None or len(filled) >= _DEEPEST:
            known = [inner(_label(self.book.vocabulary, need, each)) for each in answer.asks]
            return [((answer.asks[0], f"{listed(known, 'dan')} diketahui"),)] if known else []
        tried: list[tuple[Any, list[Way]]] = [
            (value, self.ways(need, {**filled, name: value})) for value in self.values(name)
        ]
        if name == _BIRTH:
            grouped = groupby(tried, key=lambda one: one[1])
            runs: list[tuple[list[Way], list[Any]]] = [
                (ways, [one for one, _ in run]) for ways, run in grouped
            ]
        else:
            runs = _gathered(tried)
        if len(runs) == 1:  # whatever it is: no condition
            return runs[0][0]
        return [((name, self.words(name, fields, values)), *way) for ways, values in runs for way in ways]

    @property
    def births(self) -> Sequence[int]:
        """The days on which such a person may be born, where none was said."""
        ages = self.reading.ages
        return [] if ages is None else list(days_of_birth(ages, self.reading.on, self.persona.fine_below))

    def values(self, name: str) -> Sequence[Any]:
        """What a fact may be; nothing where there is no telling."""
        spec = self.book.vocabulary.person.get(name)
        if name == _BIRTH:
            return self.births
        if spec is None:
            return []
        if spec.codes is not None:
            return list(self.book.vocabulary.codes[spec.codes])
        if spec.type == "bool":
            return [True, False]
        if spec.type == "int" and spec.possible is not None:
            low, high = (int(limit) for limit in spec.possible)
            return range(low, high + 1) if high - low < _MOST_VALUES else []
        return []

    def words(self, name: str, fields: Mapping[str, Field], values: Sequence[Any]) -> str:
        """`umur 30-50 tahun`, `perempuan`, `merokok`, `kelas sekolah tahun ajaran ini 1-6`."""
        if name == _BIRTH:
            return self.age_words(values)
        spec = fields.get(name) or self.book.vocabulary.person[name]
        if spec.type == "bool":
            word = next(
                (w for w in self.persona.words.values() if w.facts == {name: True} and not w.records), None
            )
            label = inner(word.title if word else spec.label)
            return listed([label if value else f"tidak {label}" for value in values], "atau")
        shown = [shown_field(self.book.vocabulary, spec, value) for value in values]
        if spec.codes is not None:
            return listed([inner(word) for word in shown], "atau")
        return f"{inner(spec.label)} {shown[0]}" + (f"-{shown[-1]}" if len(shown) > 1 else "")

    def age_words(self, births: Sequence[int]) -> str:
        """Births come youngest first. The ends of what was tried are no limits of their own."""
        on, all_births = self.reading.on, self.values(_BIRTH)
        youngest, oldest = births[0], births[-1]
        if youngest == all_births[0]:
            is_newborn = dates.age_months(oldest, on) == 0
            return "umur di bawah sebulan" if is_newborn else f"umur sampai {_age(oldest, on)}"
        if oldest == all_births[-1]:
            return f"umur {_age(youngest, on)} ke atas"
        low, high = _age(youngest, on), _age(oldest, on)
        unit = low.rpartition(" ")[2]
        if low == high:
            return f"umur {low}"
        return (
            f"umur {low.removesuffix(unit).strip()}-{high}"
            if high.endswith(unit)
            else f"umur {low} sampai {high}"
        )


def _gathered(tried: Sequence[tuple[Any, list[Way]]]) -> list[tuple[list[Way], list[Any]]]:
    """Values with the same ways together, in their order."""
    runs: list[tuple[list[Way], list[Any]]] = []
    for value, ways in tried:
        of = next((run for run in runs if run[0] == ways), None)
        if of is None:
            runs.append((ways, [value]))
        else:
            of[1].append(value)
    return runs


def _age(birth: int, on: int) -> str:
    months = dates.age_months(birth, on)
    years, rest = divmod(months, dates.MONTHS_PER_YEAR)
    return f"{months} bulan" if rest or not years else f"{years} tahun"


def _label(vocabulary: Vocabulary, need: Need, name: str) -> str:
    kind, _dot, field = name.rpartition(".")
    if kind in vocabulary.kinds:
        found = vocabulary.fields_of(kind).get(field)
        return found.label if found and found.label else vocabulary.kinds[kind].title
    if name in vocabulary.kinds:
        return vocabulary.kinds[name].title
    fact = vocabulary.facts_of(need.unit).get(name)
    return fact.label if fact and fact.label else name.replace("_", " ")


def _unsaid(vocabulary: Vocabulary, persona: Persona, asked: Mapping[str, int]) -> Iterator[Unsaid]:
    """The facts that decide, those that decide about most needs first."""
    for name, needs in sorted(asked.items(), key=lambda one: (-one[1], one[0])):
        spec = vocabulary.person.get(name)
        if spec is not None:
            words = (
                w for w in persona.words.values() if w.facts.keys() == {name} and not w.records and not w.ages
            )
            by_value = {str(word.facts[name]): word for word in reversed(list(words))}
            yield Unsaid(spec.label, spec.ask, needs, tuple(by_value.values()))


def _also(persona: Persona, reading: Reading, birth: int | None) -> Iterator[Word]:
    """Words that open what the phrase did not speak of, such as a pregnancy, and that fit what it said."""
    said = reading.words
    opened = {record["kind"] for record in reading.records}
    for word in persona.words.values():
        fits = all(reading.facts.get(name, value) == value for name, value in word.facts.items())
        if not word.records or word.key in said or not fits or word.is_derived:
            continue
        if any(record["kind"] in opened and record["kind"] != "diagnosis" for record in word.records):
            continue
        if word.offer is not None and birth is not None:
            fits = word.offer[0].after(birth) <= reading.on < word.offer[1].after(birth)
        if word.offer is not None and reading.ages is not None:
            (least, most), (low, high) = word.offer, reading.ages
            fits = least.after(0) < high.after(0) and low.after(0) < most.after(0)
        if fits:
            yield word
