"""A small rule book made from text: the closed lists of the conformance cases and one package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book, compile_book
from siklus.library.yaml_text import parse_yaml
from siklus.rules.source import MarkedMap

FILE = "aturan.yaml"
HEAD = """\
package: paket
title: Paket
by: [{at: pustu, who: [bidan]}]
cites: sumber
confidence: ours
"""
"""Five lines; what a test adds begins on line 6."""


@cache
def closed_lists() -> MarkedMap:
    path = Path(__file__).resolve().parents[3] / "conformance" / "vocabulary.yaml"
    return parse_yaml(path.read_text(encoding="utf-8"), "vocabulary.yaml")


def book(*texts: str, choices: dict[str, str] | None = None) -> Book:
    """The book of one or more files, named aturan.yaml, aturan2.yaml ..."""
    documents = [
        parse_yaml(text, FILE if place == 1 else f"aturan{place}.yaml") for place, text in enumerate(texts, 1)
    ]
    return compile_book([closed_lists(), *documents], "percobaan", choices)


def problems(*texts: str, choices: dict[str, str] | None = None) -> tuple[Problem, ...]:
    """What is wrong with the files; nothing when they can be read."""
    try:
        book(*texts, choices=choices)
    except ProblemError as error:
        return error.problems
    return ()


def need(**slots: str) -> str:
    """A package with one good need in which some slots are written otherwise; each slot stands on its own line."""
    lines = {
        "need": "kebutuhan",
        "title": "Kebutuhan",
        "who": '"true"',
        "counts": "kunjungan",
        "opens": "birth",
    }
    lines |= slots
    body = "".join(f"    {name}: {text}\n" for name, text in lines.items() if text)
    return f"{HEAD}needs:\n  -" + body[3:]
