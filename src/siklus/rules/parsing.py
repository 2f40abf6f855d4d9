"""Expression text -> lark tree, with a fault that says where reading stopped and what could have stood there."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from siklus.rules.source import Mark, fault

_KEPT = 4096
"""The same texts are read again and again: by every book made of nearly the same rules. Nobody changes a tree."""
_WORDS = {
    "COMMA": "','",
    "RPAR": "')'",
    "RSQB": "']'",
    "LPAR": "'('",
    "OPEN": "'['",
    "THEN": "'then'",
    "ELSE": "'else'",
    "KNOWN": "'known'",
    "UNKNOWN": "'unknown'",
    "NAME": "a name",
    "INT": "a whole number",
    "DATE": "a day such as 2023-08-29",
    "DECIMAL": "a decimal",
    "OPERATOR": "a comparison",
    "UNIT": "a unit",
    "DOT": "'.'",
    "WHERE": "'where'",
    "AND": "'and'",
    "OR": "'or'",
    "SIGN": "+ or -",
    "STAR": "'*'",
    "$END": "the end",
}


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True)


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> Tree[Token]:
    return _parser().parse(text)


def parse(text: str, mark: Mark) -> Tree[Token]:
    """The tree of an expression; ProblemError R11 names the place, what stands there and what was expected."""
    try:
        return _read(text)
    except UnexpectedInput as error:
        line, column = max(error.line, 1), max(error.column, 1)
        if isinstance(error, UnexpectedToken) and error.token.type == "$END":
            line, column = text.count("\n") + 1, len(text.rpartition("\n")[2]) + 1
        here = text.splitlines()[line - 1] if text.strip() else ""
        near = here[max(0, column - 12) : column + 10]
        expected: set[str] = set()
        if isinstance(error, UnexpectedToken):
            expected = set(error.accepts or error.expected)
        elif isinstance(error, UnexpectedCharacters):
            expected = set(error.allowed or ())
        words = sorted(_WORDS[name] for name in expected if name in _WORDS)
        raise fault(
            "R11",
            mark.shifted(line, column),
            f"cannot read this near '{near}'",
            f"expected {', '.join(words[:6])}" if words else "",
        ) from None
