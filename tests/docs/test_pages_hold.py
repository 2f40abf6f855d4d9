"""What the pages show is what the code does: rules that compile, a case with its answer, every fault and function."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from siklus.library.cases import answer_cases
from siklus.library.examples import check_needs, examples_of
from siklus.library.loading import Book, compile_book, load_book
from siklus.library.yaml_text import parse_yaml, read_yaml

LANGUAGE = "docs/reference/rule-language.md"
ADDING = "docs/how-to/add-a-rule.md"
CASES = "docs/how-to/test-the-knowledge-with-cases.md"
_FAULT = re.compile(r'"(R\d\d|V\d\d)"|: (R\d\d) ')
_WORD_LISTS = re.compile(r"(?:FUNCTION|AGGREGATE)\.3: /\(([a-z_|]+)\)")


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)\n```", page.read_text(encoding="utf-8"), re.DOTALL)


def _book_of(project: Path, page: str) -> Book:
    """The rules a page shows, with our vocabulary and the kinds of record the page adds."""
    folders = [project / "knowledge" / name for name in ("standards", "vocabulary")]
    vocabulary = [read_yaml(path, path.name) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    shown = [parse_yaml(block, f"{page}[{n}]") for n, block in enumerate(_blocks(project / page, "yaml"))]
    whole = [document for document in shown if {"package", "indicators", "kinds"} & document.keys()]
    assert whole
    return compile_book([*vocabulary, *whole], "page")


@pytest.mark.parametrize("page", [LANGUAGE, ADDING])
def test_the_rules_on_a_page_compile_and_their_examples_come_out(project: Path, page: str) -> None:
    book = _book_of(project, page)
    wrong = []
    for example in examples_of(book):
        if example.rule in book.needs:
            for engine in (book.reference, book.engine):
                found = check_needs(example, engine.needs(example.life, example.today))
                wrong += [f"{example.say}: {found}"] if found else []
        else:
            answers = book.reference.classes(example.life, example.today)
            assert [answer.value for answer in answers] == [example.expect]
    assert wrong == []


def test_the_case_on_the_page_gets_the_answer_on_the_page(project: Path) -> None:
    asked, answered = _blocks(project / CASES, "json")
    replies = [reply.as_json() for reply in answer_cases(load_book(), json.loads(asked))]
    assert replies == json.loads(answered), f"write the new answer into {CASES}"


def test_the_language_page_names_every_fault_and_no_other(project: Path) -> None:
    folders = [project / "src/siklus/rules", project / "src/siklus/library"]
    code = "\n".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    raised = {match[1] or match[2] for match in _FAULT.finditer(code)}
    told = re.findall(r"^\| ((?:[RV]\d\d(?:, )?)+) \|", (project / LANGUAGE).read_text(), re.MULTILINE)
    assert {fault for cell in told for fault in cell.split(", ")} == raised


def test_the_language_page_names_every_function_and_aggregate(project: Path) -> None:
    grammar = (project / "src/siklus/rules/grammar.lark").read_text()
    words = {word for found in _WORD_LISTS.findall(grammar) for word in found.split("|")}
    assert len(words) > 20
    page = (project / LANGUAGE).read_text()
    assert [word for word in sorted(words) if not re.search(rf"\b{word}\b", page)] == []
