"""Constants of the rules as a table: what they are, what was chosen, where they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from siklus.library.handbook.markdown import plain, table
from siklus.library.loading import Book
from siklus.library.sources import CONFIDENCE
from siklus.rules import tree as t
from siklus.rules.book import ValueChoice
from siklus.rules.expressions import check
from siklus.rules.scopes import Scope
from siklus.rules.sentences import sentence
from siklus.rules.shown import shown
from siklus.rules.vocabulary import PERSON, Vocabulary


def values_table(book: Book, files: Collection[str]) -> Iterator[str]:
    """The values these files give; nothing when they give none."""
    values = (value for value in book.rules.values if value.mark.file in files)
    yield from table(
        ("Nilai", "Besarnya", "Sumber"), (row for value in values for row in _rows(value, book.vocabulary))
    )


def value_title(value: ValueChoice) -> str:
    """What readers call a value."""
    titles = (str(variant["title"]) for variant in value.variants if variant.get("title"))
    return next(titles, value.name.replace("_", " "))


def amount(value: ValueChoice, variant: Mapping[str, object], vocabulary: Vocabulary) -> str:
    """What a variant of a value is, in words: `5 tahun`, `0,8`, `tiga tahun: 3 tahun`, `hanya di fasyankes`."""
    node = check(variant["is"], value.mark, Scope(vocabulary, PERSON))
    name = str(variant.get("name", "")).replace("_", " ") if len(value.variants) > 1 else ""
    if variant.get("say"):
        return str(variant["say"])
    if node.type == "bool" and name:
        return name
    if node.type == "decimal":
        said = str(variant["is"]).replace(".", ",")
    elif isinstance(node, t.Literal):
        said = shown(vocabulary, node.type, node.value)
    else:
        said = sentence(node, vocabulary)
    return f"{name}: {said}" if name else said


def _rows(value: ValueChoice, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    for place, variant in enumerate(value.variants):
        said = plain(amount(value, variant, vocabulary))
        if len(value.variants) > 1:
            is_chosen = str(variant.get("name", place)) == value.chosen
            said = f"**{said}** (dipakai)" if is_chosen else f"{said} (dapat dipilih)"
        yield plain(value_title(value)), said, _source(variant)


def _source(variant: Mapping[str, object]) -> str:
    word, _ = CONFIDENCE.get(str(variant.get("confidence", "")), ("", ""))
    return f"{plain(str(variant.get('cites', '')))}{f' · *{word}*' if word else ''}"
