"""The closed list of the rule language, and how often rules use each item: nobody shall believe what was never tried.

An item is `group word`: the forms of the grammar, its operators, functions and folds, the slots of each kind of rule,
the schedules, the periods, how an episode may form, and how a fold is kept. The statuses of needs stand in
`rules.answers`; they are counted where answers are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lark import Token

from siklus.rules import tree as t
from siklus.rules.book import Rules
from siklus.rules.parsing import parse
from siklus.rules.plan import expressions_of, lower_bound, split
from siklus.rules.source import Mark, text_of
from siklus.rules.vocabulary import EPISODE_KIND, MEMBER

_FORMS = (
    "choice disjunction conjunction negation compare known unknown member not_member has within_closed "
    "within_half_open sum product span date decimal integer negative true false never name dotted call aggregate "
    "open_episode named_group listed_group"
)
_FUNCTIONS = ("earliest_of", "latest_of", "first_known", "plus_days", *t.FUNCTIONS)
_FOLDS = "exists count first last nth min max sum days_with months_with"
_NEED = "who counts opens due overdue until done not_needed every starts appointment let"
_SERIES = "who counts number opens due overdue until not_needed"
_SCHEDULES = ("calendar month", "calendar year", "school year", "week", "campaign", "ages", "since last")
_PERIODS = ("year", "school year", "month", "month cumulative", "quarter")
_EPISODE = ("facts", "closed_by", "lasts", "closing_alone", "start", "selection", "attached")
_KEPT = ("early", "late, since a day", "late, over days", "unclear", "attached", "of episodes", "of members")
_EXPRESSIONS = "who opens due overdue until done starts counted reached for".split()
_NAMED = ("this.from", "this.to", "this.due", "last", "prev", "first", "period.from", "period.to", "today")


def _items(group: str, words: str | Iterable[str]) -> list[str]:
    return [f"{group} {word}" for word in (words.split() if isinstance(words, str) else words)]


CLOSED = (
    *_items("form", _FORMS),
    *_items("operator", "= != < <= > >= + -"),
    *_items("unit", "day week month year"),
    *_items("function", _FUNCTIONS),
    *_items("fold", _FOLDS),
    *_items("name", _NAMED),
    *_items("need", _NEED),
    *_items("series", _SERIES),
    *_items("indicator", "counted components reached"),
    *_items("classification", "of who rows"),
    *_items("package", "for values let per share"),
    *_items("schedule", _SCHEDULES),
    *_items("period", _PERIODS),
    *_items("episode", _EPISODE),
    *_items("kept", _KEPT),
    *_items("fact", "bool int date dec code"),
    *_items("derived", "bmi zscore"),
)
"""Everything that can be written. A new word of the language is added here, or the test of this list fails."""


def uses_of(documents: Iterable[Mapping[str, Any]], rules: Rules) -> Counter[str]:
    """How often each item occurs: in the documents of a book as they are written, and in its rules as they are kept."""
    found: Counter[str] = Counter()
    for document in documents:
        _count_document(document, found)
    _count_kept(rules, found)
    return found


def lacking(found: Mapping[str, int]) -> list[str]:
    """What never occurred."""
    return [item for item in CLOSED if not found.get(item)]


def _count_document(document: Mapping[str, Any], found: Counter[str]) -> None:
    if "package" in document:
        _count_slots("package", document, found)
        for let in (document.get("let") or {}).values():
            found["package share"] += isinstance(let, Mapping) and "share" in let
    for group, listed in (
        ("need", "needs"),
        ("indicator", "indicators"),
        ("classification", "classifications"),
    ):
        for item in document.get(listed) or ():
            _count_rule("series" if "series" in item else group, item, found)
    for name, spec in (document.get("person") or {}).items():
        found[f"fact {str(spec).partition('(')[0].removesuffix('?').replace('decimal', 'dec')}"] += bool(name)
    for spec in (document.get("episodes") or {}).values():
        _count_episode(spec, found)
    for spec in (document.get("kinds") or {}).values():
        found["episode attached"] += isinstance(spec, Mapping) and "for" in spec
        for text in (spec.get("derived") or {}).values() if isinstance(spec, Mapping) else ():
            found[f"derived {text.partition('(')[0]}"] += 1


def _count_rule(group: str, item: Mapping[str, Any], found: Counter[str]) -> None:
    _count_slots(group, item, found)
    for step in item.get("steps") or ():
        _count_slots(group, step, found)
    if "every" in item:
        found[f"schedule {_schedule(str(item['every']))}"] += 1
    if group == "indicator":
        found[f"period {item.get('period', 'year')}"] += 1


def _count_slots(group: str, item: Mapping[str, Any], found: Counter[str]) -> None:
    for slot, value in item.items():
        found[f"{group} {slot}"] += 1
        for text in _texts(slot, value):
            _count_text(text, found)


def _texts(slot: str, value: Any) -> Iterator[str]:
    """The expressions of a slot."""
    if slot in ("let", "components"):
        yield from (text_of(each["is"] if isinstance(each, Mapping) else each) for each in value.values())
    elif slot in ("not_needed", "rows"):
        yield from (text_of(each["when"]) for each in value if text_of(each["when"]) != "otherwise")
    elif slot in ("counts", "of"):
        _, _, condition = text_of(value).partition(" where ")
        yield from [condition] if condition else []
    elif slot in _EXPRESSIONS:
        yield text_of(value)


def _count_text(text: str, found: Counter[str]) -> None:
    for tree in parse(text, Mark("", 1, 1)).iter_subtrees():
        found[f"form {tree.data}"] += 1
        for part in tree.children:
            if isinstance(part, Token):
                _count_token(str(tree.data), part, found)
        if tree.data == "dotted":
            found[f"name {'.'.join(map(str, tree.children))}"] += 1


def _count_token(form: str, part: Token, found: Counter[str]) -> None:
    group = {"OPERATOR": "operator", "SIGN": "operator", "FUNCTION": "function", "AGGREGATE": "fold"}.get(
        part.type
    )
    if group is not None:
        found[f"{group} {part}"] += 1
    elif part.type == "UNIT":
        found[f"unit {part.removesuffix('s')}"] += 1
    elif form == "name":
        found[f"name {part}"] += 1


def _schedule(text: str) -> str:
    return next((word for word in _SCHEDULES if word in text), text)


def _count_episode(spec: Mapping[str, Any], found: Counter[str]) -> None:
    for slot in ("facts", "closed_by", "closing_alone"):
        found[f"episode {slot}"] += bool(spec.get(slot))
    found["episode lasts"] += spec.get("lasts") not in (None, "never")
    found["episode start"] += spec.get("start") != "opened"
    found["episode selection"] += " where " in str(spec.get("opened_by"))


def _count_kept(rules: Rules, found: Counter[str]) -> None:
    for _, node in expressions_of(rules):
        for part in t.walk(node):
            if isinstance(part, t.Aggregate):
                early, late = split(part)
                way = "early" if not late else "late, over days"
                if late and part.function == "exists" and lower_bound(late) is not None:
                    way = "late, since a day"
                found[f"kept {way}"] += 1
                found["kept unclear"] += part.function == "exists" and early.nullable
                found["kept attached"] += part.attached
                found["kept of episodes"] += part.kind.startswith(EPISODE_KIND)
                found["kept of members"] += part.kind == MEMBER
