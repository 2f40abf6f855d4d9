"""Where sources disagree or are silent: what the book offers as a choice, and what is no choice, with the reasons.

Choices are read from the values of the rules themselves, so that the page cannot say anything else than the rules.
`knowledge/conflicts.yaml` holds only what is no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from siklus.kernel.dates import parse_day
from siklus.library.handbook.markdown import page, plain, sentence_case, table
from siklus.library.handbook.values import amount, value_title
from siklus.library.loading import Book
from siklus.library.sources import CONFIDENCE, Source, cited
from siklus.library.yaml_text import plain_yaml
from siklus.rules.book import ValueChoice
from siklus.rules.shown import shown_day

FILE = "conflicts.yaml"
OURS = "ours"
_HEAD = "<!-- Made by `siklus docs reference` from knowledge/. Change the knowledge, not this page. -->"
_INTRODUCTION = """\
Sumber-sumber saling bertentangan, dan tentang sebagian perkara semuanya diam. Di sini setiap perkara itu: apa kata
tiap sumber, mana yang dipakai bila daerah tidak memilih (**tebal**), dan mengapa. Sebuah daerah memilih dengan
`siklus rules use --choose NAMA=PILIHAN`; semua mesin dan semua halaman lalu memakai pilihan itu, dan pilihannya
ikut dalam versi buku aturan. Tanda *umum* berarti naskahnya belum kami baca, *pilihan kami* berarti tidak tercetak
di mana pun. Semuanya menunggu pemeriksaan orang yang memegang naskahnya."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A matter on which sources differ or are silent and nothing can be chosen: what is done, and why."""

    matter: str
    says: tuple[str, ...]
    here: str
    why: str


def read_settled(folder: Path) -> tuple[Settled, ...]:
    """Every matter of `conflicts.yaml` of a knowledge folder; none when there is no such file."""
    path = folder / FILE
    if not path.is_file():
        return ()
    return tuple(
        Settled(entry["matter"], tuple(entry["says"]), entry["here"], entry["why"])
        for entry in plain_yaml(path)
    )


def offered(book: Book) -> list[ValueChoice]:
    """The values with more than one variant, in the order of the sources; one that is written twice stands once."""
    found = {value.name: value for value in book.rules.values if len(value.variants) > 1}
    return list(found.values())


def is_conflict(value: ValueChoice) -> bool:
    """Whether two sources say different things, not only a source and a choice of ours."""
    return sum(variant.get("confidence") != OURS for variant in value.variants) > 1


def conflicts_page(book: Book, settled: Sequence[Settled]) -> str:
    """The whole page; the same knowledge gives the same text."""
    return page(_page(book, settled))


def _page(book: Book, settled: Sequence[Settled]) -> Iterator[str]:
    values = offered(book)
    differing = [value for value in values if is_conflict(value)]
    silent = [value for value in values if not is_conflict(value)]
    yield _HEAD
    yield "# Pertentangan sumber"
    yield _INTRODUCTION
    yield ""
    yield (
        f"{len(differing)} perkara dengan sumber yang berbeda dan {len(silent)} perkara yang sumbernya diam "
        f"dapat dipilih; {len(settled)} lagi tidak, dengan alasannya."
    )
    yield "\n## Sumber berbeda, daerah boleh memilih"
    yield from table(("Perkara", "Bacaan", "Mengapa yang tebal"), _rows(book, differing))
    yield "\n## Sumber diam atau satu saja, daerah boleh memilih"
    yield from table(("Perkara", "Bacaan", "Mengapa yang tebal"), _rows(book, silent))
    yield "\n## Tidak dapat dipilih"
    rows = (
        (
            plain(one.matter),
            "<br>".join(plain(says) for says in one.says),
            plain(one.here),
            plain(sentence_case(one.why)),
        )
        for one in settled
    )
    yield from table(("Perkara", "Kata sumber", "Yang dipakai", "Mengapa bukan pilihan"), rows)


def _rows(book: Book, values: Iterable[ValueChoice]) -> Iterator[tuple[str, str, str]]:
    for value in values:
        readings = "<br>".join(_reading(book, value, place) for place, _ in enumerate(value.variants))
        name = f"{plain(value_title(value))}<br>`{value.name}`<br>{plain(_owner(book, value))}"
        yield name, readings, plain(sentence_case(str(value.variants[0].get("why", ""))))


def _reading(book: Book, value: ValueChoice, place: int) -> str:
    variant = value.variants[place]
    said = plain(amount(value, variant, book.vocabulary))
    word, _ = CONFIDENCE.get(str(variant.get("confidence", "")), ("", ""))
    dated = ", ".join(
        f"{when} {shown_day(parse_day(str(variant[slot])))}"
        for slot, when in (("since", "sejak"), ("until", "sampai"))
        if variant.get(slot)
    )
    source = plain(str(variant.get("cites", "")))
    return f"{f'**{said}**' if place == 0 else said}{f' ({dated})' if dated else ''}: {source} · *{word}*"


def _owner(book: Book, value: ValueChoice) -> str:
    """The package, or the indicators, whose file gives the value; empty for one that all rules share."""
    packages = [package.title for package in book.rules.packages if package.file == value.mark.file]
    before = [
        indicator.title
        for indicator in book.indicators
        if indicator.mark.file == value.mark.file and indicator.mark.line <= value.mark.line
    ]
    return (packages or before[-1:] or ["semua aturan"])[0]


def sources_page(sources: Sequence[Source], texts: Sequence[str]) -> str:
    """Every source with what was read of it, and how many citations lean on it."""
    leaning = [source.name for text in texts for source in cited([text], sources)]
    rows = (
        (
            f"`{source.name}`",
            plain(" ".join(part for part in (source.kind, source.number) if part)),
            plain(source.title),
            CONFIDENCE[source.confidence][0],
            plain(" ".join(part for part in (source.read, source.note) if part)),
            str(leaning.count(source.name)),
        )
        for source in sources
    )
    heads = ("sumber", "jenis", "judul", "keyakinan", "yang dibaca", "dikutip")
    return page(
        (
            _HEAD,
            "# Daftar sumber",
            "Satu berkas tiap sumber dalam `knowledge/sources/`; *dikutip* = berapa kutipan yang menyebutnya.",
            "Sumber yang nol menjadi dasar hal lain (wilayah, penjagaan data, bentuk organisasi), bukan angka aturan.",
            *table(heads, rows),
        )
    )
