"""What one person or family is owed: a line a service, or all of it in one; and what is asked when they are met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import statuses, words
from siklus.desk.pages import reasons
from siklus.library.stages import Stages
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.vocabulary import Vocabulary

_NAMED = 3
_GROUPS, _NAMED_FIRST = 3, 2
Owed = tuple[NeedAnswer, Need]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a person."""

    status: str
    title: str
    reason: str
    performers: str


@dataclass(frozen=True, slots=True)
class Group:
    """Services of one package, or those that wait for one fact: `title` in few words, `mark` its status as a letter."""

    status: str
    mark: str
    title: str
    names: str
    reason: str
    needs: int
    performers: str

    @property
    def word(self) -> str:
        """The status in a word."""
        return str(statuses.WORDS[self.status])


@dataclass(frozen=True, slots=True)
class OneLine:
    """All that somebody is owed in one line: the first group, the next ones by their title, how many more services."""

    first: Group
    others: tuple[Group, ...]
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a line needs to know: the words, the day, the order of packages and what they are called there."""

    vocabulary: Vocabulary
    stages: Stages
    today: int
    titles: Mapping[str, str]
    for_kader: bool


def one_line(owed: Iterable[Owed], telling: Telling, birth: int | None) -> OneLine:
    """What is late before what is due, and then in the order of the packages (`knowledge/stages.yaml`)."""
    by_key: dict[tuple[object, ...], list[Owed]] = {}
    for answer, need in owed:
        by_key.setdefault(_key(answer, need, telling), []).append((answer, need))
    groups = sorted((sorted(found, key=_act_first) for found in by_key.values()), key=_place_of(telling))
    said = [_group(group, telling, birth) for group in groups]
    rest = sum(group.needs for group in said[_GROUPS:])
    more = _("(+%(n)s lagi)") % {"n": words.number(rest)} if rest else ""
    return OneLine(said[0], tuple(said[1:_GROUPS]), more)


def _key(answer: NeedAnswer, need: Need, telling: Telling) -> tuple[object, ...]:
    """What stands together. To a kader all that may not be named is one thing, whatever it is about."""
    if answer.status == "unknown":
        return "unknown", answer.unit, answer.asks
    return together(need, telling.stages, for_kader=telling.for_kader)


def together(need: Need, stages: Stages, *, for_kader: bool) -> tuple[object, ...]:
    """What is the same of needs that are told together: one visit, or one package."""
    if for_kader and not reasons.kader_may_read(need):
        return ("closed",)
    return stages.visit_of(need.package.name) or need.package.name, need.unit


def _act_first(each: Owed) -> tuple[int, int]:
    answer, _need = each
    return statuses.ORDER[answer.status], answer.due or 0


def _place_of(telling: Telling) -> Callable[[list[Owed]], tuple[int, int, int]]:
    def place(group: list[Owed]) -> tuple[int, int, int]:
        status, due = _act_first(group[0])
        if group[0][0].status == "unknown":
            return status, -len(group), due  # one missing fact settles all that wait for it
        return status, telling.stages.rank(group[0][1].package.name), due

    return place


def _group(owed: list[Owed], telling: Telling, birth: int | None) -> Group:
    lines = service_lines(owed, telling.vocabulary, telling.today, birth, for_kader=telling.for_kader)
    titles = list(dict.fromkeys(line.title for line in lines))
    names, more = ", ".join(titles[:_NAMED_FIRST]), len(titles) - _NAMED_FIRST
    if more > 0:
        names += " " + _("(+%(n)s lagi)") % {"n": words.number(more)}
    package, title = owed[0][1].package.name, titles[0]
    visit = telling.stages.visit_of(package)
    called = words.titled(visit.short, visit.short_en) if visit else telling.titles.get(package)
    if lines[0].status == "unknown" and len(owed) > 1:
        title = f"{lines[0].reason} ({words.number(len(owed))})"
    elif len(titles) > 1:
        title = f"{called} ({words.number(len(titles))})" if called else names
    if telling.for_kader and not any(reasons.kader_may_read(need) for _answer, need in owed):
        title = _("Ke Pustu atau Puskesmas")
    first = lines[0]
    return Group(
        first.status,
        statuses.MARKS.get(first.status, ""),
        title,
        names,
        first.reason,
        len(owed),
        first.performers,
    )


def sought(owed: Iterable[Owed]) -> list[Owed]:
    """What is open and for which people are sought out, what to act on first at the top."""
    return _open(owed, is_sought=True)


def met(owed: Iterable[Owed]) -> list[Owed]:
    """What is open and only asked when they are met for anything."""
    return _open(owed, is_sought=False)


def _open(owed: Iterable[Owed], *, is_sought: bool) -> list[Owed]:
    found = ((a, need) for a, need in owed if a.status in statuses.OPEN and need.is_sought == is_sought)
    return sorted(found, key=lambda each: statuses.ORDER[each[0].status])


def service_lines(
    owed: Sequence[Owed], vocabulary: Vocabulary, today: int, birth: int | None, *, for_kader: bool
) -> list[ServiceLine]:
    """The lines of one person; needs that wait for the same missing facts share one."""
    lines = []
    unknown = [(a, reasons.title_for(need, for_kader=for_kader)) for a, need in owed if a.status == "unknown"]
    gaps = [
        ServiceLine(
            "unknown",
            gap.title(),
            _("tidak ada: %(facts)s") % {"facts": reasons.facts_words(gap.asks, gap.unit, vocabulary)},
            "",
        )
        for gap in reasons.gaps_of(unknown)
    ]
    for answer, need in owed:
        if answer.status != "unknown":
            lines.append(
                ServiceLine(
                    answer.status,
                    reasons.title_for(need, for_kader=for_kader),
                    reasons.short_reason(answer, need, vocabulary, today, birth),
                    reasons.short_roles(need.by, vocabulary),
                )
            )
    return sorted(lines + gaps, key=lambda line: statuses.ORDER[line.status])


def met_lines(
    owed: Sequence[Owed], vocabulary: Vocabulary, today: int, *, for_kader: bool
) -> tuple[ServiceLine, ...]:
    """The same of what waits until they are met: since when does not matter there."""
    lines = service_lines(owed, vocabulary, today, None, for_kader=for_kader)
    return tuple(
        ServiceLine(line.status, line.title, "", line.performers) if line.status == "due" else line
        for line in dict.fromkeys(lines)
    )


def met_words(owed: Sequence[Owed], *, for_kader: bool) -> str:
    """The first few by their titles and how many more; "" when there is nothing to ask."""
    titles = list(dict.fromkeys(reasons.title_for(need, for_kader=for_kader) for _answer, need in owed))
    named, rest = ", ".join(titles[:_NAMED]), len(titles) - _NAMED
    if rest <= 0:
        return named
    return _("%(named)s dan %(n)s lagi") % {"named": named, "n": words.number(rest)}
