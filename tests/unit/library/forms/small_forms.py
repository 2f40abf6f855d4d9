"""Small forms made from text, over the real vocabulary."""

from __future__ import annotations

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.forms.catalogue import Catalogue, compile_forms
from siklus.library.loading import load_book
from siklus.library.yaml_text import parse_yaml

FILE = "forms/percobaan.yaml"
HEAD = """\
form: percobaan
title: Percobaan
version: 1
since: 2026-11-22
at: [posyandu, kunjungan_rumah]
who: [kader, bidan]
cites: kartu posyandu
confidence: ours
"""
"""Eight lines; what a test adds begins on line 9."""


def forms(*texts: str, terms: str = "") -> Catalogue:
    """The forms of one or more files, named forms/percobaan.yaml, forms/percobaan2.yaml ..."""
    documents = [
        ("percobaan", parse_yaml(text, FILE if place == 1 else f"forms/percobaan{place}.yaml"))
        for place, text in enumerate(texts, 1)
    ]
    return compile_forms(documents, load_book(), parse_yaml(terms, "forms/terms.yaml") if terms else None)


def problems(*texts: str, terms: str = "") -> tuple[Problem, ...]:
    """What is wrong with the files; nothing when they can be read."""
    try:
        forms(*texts, terms=terms)
    except ProblemError as error:
        return error.problems
    return ()


def told(*texts: str, terms: str = "") -> list[str]:
    """Code, place and words of each fault."""
    return [
        f"{each.code} {each.where} {each.found} {each.expected}".strip()
        for each in problems(*texts, terms=terms)
    ]


def form(records: str, *items: str) -> str:
    """One section `isi` of these items; the records stand on line 9, the first item on line 14."""
    lines = "".join(f"      - {{{item}}}\n" for item in items)
    return f"{HEAD}records: {{{records}}}\nsections:\n  - section: isi\n    title: Isi\n    items:\n{lines}"
