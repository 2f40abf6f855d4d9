"""Yes/no expressions as Indonesian clauses: `umur 15 tahun atau lebih`, `belum ada imunisasi (vaksin BCG)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from siklus.rules import tree as t
from siklus.rules.date_phrases import last_day, occurrence_bound
from siklus.rules.shown import joined, listed
from siklus.rules.vocabulary import EPISODE_KIND

_OPPOSITES = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OF_NUMBERS = {
    "!=": "{0} bukan {1}",
    "<": "{0} di bawah {1}",
    "<=": "{0} {1} atau kurang",
    ">": "{0} lebih dari {1}",
    ">=": "{0} {1} atau lebih",
}
_OF_RECORD_DATES = {
    "=": "pada {0}",
    "!=": "bukan pada {0}",
    "<": "sebelum {0}",
    "<=": "sampai dan termasuk {0}",
    ">": "sesudah {0}",
    ">=": "sejak {0}",
}
_OF_DATES = {**_OF_RECORD_DATES, ">=": "pada {0} atau sesudahnya", "<=": "pada {0} atau sebelumnya"}


class Speaker(Protocol):
    """Who says the values inside a clause."""

    def say(self, node: t.Node) -> str: ...
    def amount(self, node: t.Node, of: t.Node) -> str: ...
    def option(self, of: t.Node, value: object) -> str: ...
    def event(self, node: t.Aggregate) -> str: ...
    def kind_title(self, kind: str) -> str: ...
    def has_name(self, node: t.Node) -> bool: ...


def clause(words: Speaker, node: t.Node) -> str:
    """A yes/no that is claimed."""
    match node:
        case t.And():
            return " dan ".join(told(words, parts(words, node)))
        case t.Or(args):
            return " atau ".join(enclosed(words, arg) for arg in args)
        case t.Not(arg):
            return denied(words, arg)
        case t.Compare(op, left, right):
            return _compared(words, op, left, right)
        case t.OneOf(arg, options):
            return joined(words.say(arg), listed([words.option(arg, each) for each in options], "atau"))
        case t.IsKnown(arg):
            return _known(words, arg, "tercatat", "pernah")
    raise TypeError(f"no clause for {node!r}")


def denied(words: Speaker, node: t.Node) -> str:
    """A yes/no that is denied."""
    if words.has_name(node):
        said = words.say(node)
        return f"tidak {said}" if said.startswith("«") else f"{said}: tidak"
    match node:
        case t.Not(arg):
            return words.say(arg)
        case t.Compare(op, left, right):
            return _compared(words, _OPPOSITES[op], left, right)
        case t.IsKnown(arg):
            return _known(words, arg, "belum tercatat", "belum pernah")
        case t.OneOf(arg, options):
            return f"{words.say(arg)} bukan {listed([words.option(arg, each) for each in options], 'atau')}"
        case t.FirstKnown((inside, t.Literal(False))):
            return denied(words, inside)
        case t.Aggregate("exists"):
            return f"belum ada {words.event(node)}"
        case t.Fact() | t.RecordField():
            return f"{words.say(node)}: tidak"
    return f"tidak ({words.say(node)})"


def parts(words: Speaker, node: t.Node) -> list[t.Node]:
    """The parts of a condition that must all hold; what has a name of its own stays whole."""
    if isinstance(node, t.And) and not words.has_name(node):
        return [part for arg in node.args for part in parts(words, arg)]
    return [] if node == t.TRUE else [node]


def told(words: Speaker, conditions: list[t.Node], are_listed: bool = False) -> list[str]:
    """Conditions that must all hold; two limits of one value are told as a range."""
    said: list[str] = []
    waiting = list(conditions)
    while waiting:
        part = waiting.pop(0)
        found = _range(words, part, waiting[0]) if waiting else None
        if found is not None:
            waiting.pop(0)
        said.append(found or (words.say(part) if are_listed else enclosed(words, part)))
    return said


def enclosed(words: Speaker, node: t.Node) -> str:
    """In parentheses where one would not see where the words end."""
    is_value = isinstance(node, t.Choice | t.Extreme | t.FirstKnown) and node.type != "bool"
    is_value = is_value and occurrence_bound(node) is None
    said = words.say(node)
    is_long = is_value or isinstance(node, t.And | t.Or)
    return f"({said})" if is_long and not words.has_name(node) else said


def _range(words: Speaker, low: t.Node, high: t.Node) -> str | None:
    if not (isinstance(low, t.Compare) and isinstance(high, t.Compare)):
        return None
    if low.left != high.left or low.op != ">=" or high.op not in ("<", "<=") or low.left.type == "date":
        return None
    joint = "sampai" if high.op == "<=" else "sampai di bawah"
    return f"{words.say(low.left)} {words.say(low.right)} {joint} {words.amount(high.right, high.left)}"


def _known(words: Speaker, arg: t.Node, of_value: str, of_event: str) -> str:
    if isinstance(arg, t.Aggregate) and arg.function in ("first", "last") and arg.field == "date":
        return f"{of_event} ada {words.event(arg)}"
    return f"{words.say(arg)} {of_value}"


def _compared(words: Speaker, op: str, left: t.Node, right: t.Node) -> str:
    if left.type == "bool":
        is_yes = isinstance(right, t.Literal) and right.value is (op == "=")
        return words.say(left) if is_yes else f"{words.say(left)}: tidak"
    if left.type == "date":
        return _compared_dates(words, op, left, right)
    if op == "=":
        return joined(words.say(left), words.amount(right, left))
    return _OF_NUMBERS[op].format(words.say(left), words.amount(right, left))


def _compared_dates(words: Speaker, op: str, left: t.Node, right: t.Node) -> str:
    if isinstance(left, t.Aggregate) and is_last_day_of_episode(left) and isinstance(right, t.Today):
        return f"{'sedang' if op == '>=' else 'tidak sedang'} ada {words.kind_title(left.kind)}"
    if isinstance(left, t.RecordField) and left.name == "date":
        return _limit(words, op, right, _OF_RECORD_DATES)
    if isinstance(left, t.Today):
        said = words.say(right)
        if said.startswith("umur ") and op in (">=", "<"):
            return f"{'sudah' if op == '>=' else 'belum'} {said}"
    return f"{words.say(left)} {_limit(words, op, right, _OF_DATES)}"


def _limit(words: Speaker, op: str, right: t.Node, said: dict[str, str]) -> str:
    say: Callable[[t.Node], str] = words.say
    if (
        op == "<"
        and isinstance(right, t.Shift)
        and right.count == t.Literal(1, "int")
        and not right.in_months
    ):
        return last_day(right, say)
    return said[op].format(say(right))


def is_last_day_of_episode(node: t.Aggregate) -> bool:
    """True of what `open(EPISODE)` asks for."""
    return node.kind.startswith(EPISODE_KIND) and node.field == "last_day" and node.function == "max"
