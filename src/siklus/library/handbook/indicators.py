"""The page of the indicators: who is counted, what each must have, how it is judged."""

from __future__ import annotations

from collections.abc import Iterator

from siklus.library.examples import Example
from siklus.library.handbook.lives import facts_of, record_of
from siklus.library.handbook.markdown import anchor, fold, page, plain, sentence_case, table
from siklus.library.handbook.packages import NOBODY_KNOWN, NOTHING, Material, cites_of, sources_of
from siklus.library.handbook.values import values_table
from siklus.library.handbook.wording import PERIODS, components_of
from siklus.library.loading import Book
from siklus.rules.book import Indicator
from siklus.rules.shown import unit_title
from siklus.rules.telling import meanings, words_for

_YES_NO = {True: "ya", False: "tidak", None: "belum jelas"}


def indicators_page(material: Material) -> str:
    """The whole page; the same knowledge gives the same text."""
    return page(_page(material))


def _page(material: Material) -> Iterator[str]:
    yield "<!-- Dibuat oleh `siklus rules handbook` dari knowledge/. Ubahlah pengetahuannya, bukan halaman ini. -->"
    yield "# Indikator: siapa dihitung dan apa yang harus lengkap"
    yield ""
    yield f"[Buku pegangan](README.md) · {len(material.book.indicators)} indikator"
    yield ""
    yield (
        "Seseorang **lengkap** bila semua komponennya terpenuhi, dan **terlayani** bila ada yang terpenuhi. "
        "Yang belum dapat dipastikan disebut **belum jelas** dan tidak pernah dibuang dari hitungan."
    )
    yield ""
    for indicator in material.book.indicators:
        yield from _indicator(material, indicator)
    values = list(values_table(material.book, {each.mark.file for each in material.book.indicators}))
    if values:
        yield "## Nilai yang dipakai"
        yield from values
    yield from sources_of(material, list(material.book.indicators))


def _indicator(material: Material, indicator: Indicator) -> Iterator[str]:
    book = material.book
    words = words_for(indicator, book.vocabulary, material.titles)
    unit = unit_title(book.vocabulary, indicator.unit)
    yield anchor(indicator.name)
    yield ""
    yield f"## {plain(indicator.title)}"
    yield ""
    yield f"- **Dihitung:** {plain(sentence_case(f'setiap {unit} bila {words.say(indicator.counted)}'))}"
    yield f"- **Masa hitung:** {sentence_case(PERIODS[indicator.period])}"
    if indicator.official:
        yield f"- **Penyebut menurut peraturan:** {plain(sentence_case(indicator.official))}"
    yield f"- **Sumber:** {cites_of(indicator)}"
    components = components_of(indicator, book.vocabulary, material.titles)
    yield from table(
        ("Komponen", "Terpenuhi bila"), ((f"**{plain(n)}**", plain(said)) for n, said in components)
    )
    named = meanings(indicator, book.vocabulary, material.titles)
    yield from fold(
        "Arti kata yang dipakai indikator ini", (f"- **{plain(n)}**: {plain(s)}" for n, s in named)
    )
    examples = material.examples.get(indicator.name, ())
    heads = ("Contoh", "Orangnya", "Catatan", "Dihitung", "Komponen")
    yield from fold(
        f"Semua contoh ({len(examples)})", table(heads, (_example(book, each) for each in examples))
    )


def _example(book: Book, example: Example) -> tuple[str, ...]:
    indicator = example.rule
    assert isinstance(indicator, Indicator)
    components = example.expect["components"].items()
    return (
        plain(example.say),
        plain(", ".join(facts_of(book.vocabulary, example)) or NOBODY_KNOWN),
        "<br>".join(
            plain(record_of(book.vocabulary, record, example.life)) for record in example.life.records
        )
        or NOTHING,
        _YES_NO[example.expect["counted"]],
        "<br>".join(f"{plain(indicator.labels[name])}: {_YES_NO[holds]}" for name, holds in components)
        or "-",
    )
