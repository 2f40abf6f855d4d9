"""The page of one package: whom it is about, its windows at a glance, every need and classification, its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from siklus.library.education import Education, Lesson
from siklus.library.examples import Example
from siklus.library.handbook.calendar import calendar_of
from siklus.library.handbook.families import families_section, message_line
from siklus.library.handbook.lives import facts_of, record_of
from siklus.library.handbook.markdown import anchor, fold, page, plain, sentence_case, table
from siklus.library.handbook.values import values_table
from siklus.library.handbook.wording import ACTIONS, sentences_of, windows_of
from siklus.library.loading import Book
from siklus.library.sources import CONFIDENCE, Source, cited
from siklus.library.stages import Stage
from siklus.rules import tree as t
from siklus.rules.book import Classification, Need, Package, Rule, Share
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.sentences import Words, sentence
from siklus.rules.shown import listed, shown_day, unit_title
from siklus.rules.telling import meanings, performers, rows
from siklus.rules.vocabulary import PERSON

PICTURES = "gambar"
NOBODY_KNOWN, NOTHING = "tidak diketahui apa-apa", "tidak ada"


@dataclass(frozen=True)
class Material:
    """What every page is made from. `standing` says of each package whether anybody has approved it."""

    book: Book
    sources: tuple[Source, ...]
    examples: Mapping[str, Sequence[Example]]
    standing: Mapping[str, str]
    stages: tuple[Stage, ...] = ()
    education: Education = field(default_factory=Education)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of needs by their names."""
        return {need.name: need.title for need in self.book.needs}


def package_page(material: Material, package: Package) -> str:
    """The whole page; the same knowledge gives the same text."""
    return page(_page(material, package))


def _page(material: Material, package: Package) -> Iterator[str]:
    needs = [need for need in material.book.needs if need.package.name == package.name]
    tables = [each for each in material.book.classifications if each.package.name == package.name]
    shares = _shares(material.book, package)
    yield "<!-- Dibuat oleh `siklus rules handbook` dari knowledge/. Ubahlah pengetahuannya, bukan halaman ini. -->"
    yield f"# {plain(package.title)}"
    yield ""
    yield f"[Buku pegangan](README.md) · klaster {package.klaster} · {_counted(needs, tables, shares)}"
    yield ""
    yield f"**Paket ini tentang:** {plain(_whom(material.book, package, needs))}."
    yield ""
    yield f"> {material.standing.get(package.name, '')}"
    yield ""
    if needs:
        yield "## Masanya sekilas"
        yield ""
        if calendar_of(needs):
            yield f"![Semua masa paket ini pada satu garis]({PICTURES}/{calendar_name(package)}.svg)"
        heads = ("Kebutuhan", "Boleh sejak", "Waktunya", "Terlambat sejak", "Hari terakhir")
        yield from table(heads, (_window_row(material, need) for need in needs))
    values = list(values_table(material.book, [package.file]))
    if values:
        yield "## Nilai yang dipakai"
        yield from values
    if needs:
        yield "## Kebutuhan"
        yield ""
    for need in needs:
        yield from _need(material, need)
    if shares:
        yield "## Yang dibagikan kepada keluarga"
        yield ""
        yield "Aturan tentang keluarga boleh menanyakan ini dari tiap orang yang tinggal di sana."
        yield ""
        words = Words(material.book.vocabulary, material.titles)
        yield from (
            f"- **{plain(each.title[:1].upper() + each.title[1:])}:** {plain(words.say(each.node))}."
            for each in shares
        )
        yield ""
    if tables:
        yield "## Penggolongan hasil ukur"
        yield ""
    for each in tables:
        yield from _classification(material, each)
    yield from families_section(material.book, material.education, package)
    said = [lesson for lesson in material.education.lessons if lesson.package == package.name]
    yield from sources_of(material, [*needs, *tables, *said])


def _shares(book: Book, package: Package) -> list[Share]:
    return [share for share in book.rules.shares if share.file == package.file]


def calendar_name(package: Package) -> str:
    """The file of the picture of all its windows, without its ending."""
    return f"kalender_{package.name}"


def _whom(book: Book, package: Package, needs: Sequence[Need]) -> str:
    if package.gate != t.TRUE:
        return sentence(package.gate, book.vocabulary)
    units = dict.fromkeys(need.unit for need in needs)
    episodes = [unit_title(book.vocabulary, unit) for unit in units if unit != PERSON]
    return f"setiap {listed(episodes, 'dan')}" if episodes and PERSON not in units else "siapa saja"


def _counted(needs: Sequence[Need], tables: Sequence[Classification], shares: Sequence[Share]) -> str:
    counts = {"kebutuhan": needs, "penggolongan": tables, "keadaan yang dibagikan kepada keluarga": shares}
    return ", ".join(f"{len(held)} {words}" for words, held in counts.items() if held)


def _window_row(material: Material, need: Need) -> tuple[str, ...]:
    windows = windows_of(need, material.book.vocabulary, material.titles)
    return (f"[{plain(need.title)}](#{need.name})", *map(plain, windows))


def _need(material: Material, need: Need) -> Iterator[str]:
    book, examples = material.book, material.examples.get(need.name, ())
    yield anchor(need.name)
    yield ""
    yield f"### {plain(need.title)}"
    yield ""
    for label, said in sentences_of(need, book.vocabulary, material.titles):
        yield f"- **{label}:** {plain(sentence_case(said))}"
    yield f"- **Oleh:** {plain(sentence_case('; '.join(performers(need, book.vocabulary))))}"
    yield from message_line(material.education, need)
    yield f"- **Sumber:** {cites_of(need)}"
    yield ""
    if examples:
        yield f"![Contoh menurut waktu: {plain(need.title)}]({PICTURES}/{need.name}.svg)"
        yield ""
    named = meanings(need, book.vocabulary, material.titles)
    yield from fold(
        "Arti kata yang dipakai aturan ini", (f"- **{plain(n)}**: {plain(said)}" for n, said in named)
    )
    heads = ("Contoh", "Orangnya", "Catatan", "Pada", "Hasil")
    yield from fold(
        f"Semua contoh ({len(examples)})", table(heads, (_example(book, each) for each in examples))
    )


def _example(book: Book, example: Example) -> tuple[str, ...]:
    records = "<br>".join(
        plain(record_of(book.vocabulary, record, example.life)) for record in example.life.records
    )
    return (
        plain(example.say),
        plain(", ".join(facts_of(book.vocabulary, example)) or NOBODY_KNOWN),
        records or NOTHING,
        shown_day(example.today),
        result_of(example),
    )


def result_of(example: Example) -> str:
    """What must come out of an example: a status by its word, a class by its name."""
    if example.expect is None:
        return "tidak digolongkan"
    expected = str(example.expect)
    return plain(STATUS_WORDS.get(expected, expected.replace("_", " ")))


def _classification(material: Material, table_: Classification) -> Iterator[str]:
    book, examples = material.book, material.examples.get(table_.name, ())
    yield anchor(table_.name)
    yield ""
    yield f"### {plain(table_.title)}"
    yield ""
    if table_.who != t.TRUE:
        words = sentence(table_.who, book.vocabulary, material.titles)
        yield f"- **Untuk siapa:** {plain(sentence_case(words))}"
    yield f"- **Sumber:** {cites_of(table_)}"
    yield "- Baris pertama yang cocok yang dipakai; yang paling berbahaya di atas."
    told = rows(table_, book.vocabulary, material.titles)
    yield from table(
        ("Bila", "Golongan", "Tindakan", "Katakan"),
        (
            (plain(said), plain(row.value.replace("_", " ")), ACTIONS[row.do], plain(row.say))
            for said, row in told
        ),
    )
    heads = ("Contoh", "Orangnya", "Catatan", "Pada", "Hasil")
    yield from fold(
        f"Semua contoh ({len(examples)})", table(heads, (_example(book, each) for each in examples))
    )


def cites_of(rule: Rule) -> str:
    """The citation with how sure we are of it."""
    word, _ = CONFIDENCE.get(rule.confidence, (rule.confidence, ""))
    return f"{plain(rule.cites)} · *{word}*"


def sources_of(material: Material, rules: Sequence[Rule | Lesson]) -> Iterator[str]:
    """What the citations of a page stand for, and what of it was read."""
    found = cited((rule.cites for rule in rules), material.sources)
    if not found:
        return
    yield "## Sumber"
    heads = ("Disebut", "Apa", "Yang dibaca", "Keyakinan")
    yield from table(heads, (_source(source) for source in found))


def _source(source: Source) -> tuple[str, ...]:
    what = [part for part in (source.kind, source.number) if part]
    dated = f" ({source.date.isoformat()})" if source.date else ""
    word, meaning = CONFIDENCE[source.confidence]
    return (
        plain(source.cite_as[0]),
        f"{plain(source.title)}<br>{plain(' '.join(what))}{dated}" if what else plain(source.title),
        plain(source.read),
        f"*{word}*: {meaning}",
    )
