"""What sets two rule books apart, in words a midwife can read: `MR 2: hari terakhir berubah dari ... menjadi ...`.

Rules are compared by what they mean, not by how they are written; what only a name explains is told by that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from siklus.library.handbook.values import amount, value_title
from siklus.library.handbook.wording import ACTIONS, PERIODS, windows_of
from siklus.library.loading import Book
from siklus.library.sources import CONFIDENCE, Source
from siklus.rules.book import Classification, Indicator, Need, Package, Rule, ValueChoice
from siklus.rules.plan import expressions_of_rule
from siklus.rules.sentences import sentence
from siklus.rules.telling import how_often, meanings, performers, reached, rows, slots, words_for

_NOTHING = "tidak ada"
_SLOTS = {
    "who": "sasaran",
    "opens": "boleh sejak",
    "due": "waktunya",
    "appointment": "janji",
    "overdue": "terlambat sejak",
    "until": "hari terakhir",
    "done": "yang menyelesaikan",
}
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `about` is value, package, need, classification, indicator, source, kind or code.

    `what` is empty where the whole thing is new (`old` empty) or gone (`new` empty).
    """

    about: str
    name: str
    title: str
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        if not self.what:
            return f"{self.title}: {'dihapus' if self.old else 'baru'}."
        return (
            f"{self.title}: {self.what} berubah dari {self.old or _NOTHING} menjadi {self.new or _NOTHING}."
        )


@dataclass(frozen=True)
class Edition:
    """A rule book with the sources it cites."""

    book: Book
    sources: tuple[Source, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """The titles of needs by their names."""
        return {need.name: need.title for need in self.book.needs}


def differences(old: Edition, new: Edition) -> list[Difference]:
    """Every difference: values first, for they change many rules at once, then packages, rules, sources, lists."""
    found = [
        *_of(_values(old), _values(new), "value", value_title),
        *_of(_packages(old), _packages(new), "package", lambda package: package.title),
        *_of(_rules(old, old.book.needs), _rules(new, new.book.needs), "need", _title),
        *_of(
            _rules(old, old.book.classifications),
            _rules(new, new.book.classifications),
            "classification",
            _title,
        ),
        *_of(_rules(old, old.book.indicators), _rules(new, new.book.indicators), "indicator", _title),
        *_of(_sources(old), _sources(new), "source", lambda source: source.cite_as[0]),
        *_of(_kinds(old), _kinds(new), "kind", str),
        *_of(_codes(old), _codes(new), "code", str),
    ]
    return [*found, *_unseen(old, new, found)]


Told = dict[str, tuple[Entry, dict[str, str]]]
"""{name: (thing, {what about it: in words})}."""


def _of(
    old: Told[Entry], new: Told[Entry], about: str, title: Callable[[Entry], str]
) -> Iterator[Difference]:
    for name, (thing, told) in new.items():
        if name not in old:
            yield Difference(about, name, title(thing), "", "", name)
            continue
        before = old[name][1]
        for what in dict.fromkeys((*before, *told)):
            was, now = before.get(what, ""), told.get(what, "")
            if was != now:
                yield Difference(about, name, title(thing), what, was, now)
    for name, (thing, _) in old.items():
        if name not in new:
            yield Difference(about, name, title(thing), "", name, "")


def _values(edition: Edition) -> Told[ValueChoice]:
    vocabulary, told = edition.book.vocabulary, {}
    for value in edition.book.rules.values:
        about: dict[str, str] = {}
        for place, variant in enumerate(value.variants):
            name = str(variant.get("name", place))
            which = f"pilihan {name.replace('_', ' ')}: " if len(value.variants) > 1 else ""
            about |= {
                f"{which}besarnya": amount(value, variant, vocabulary),
                f"{which}sumber": str(variant.get("cites", "")),
                f"{which}keyakinan": _confidence(str(variant.get("confidence", ""))),
            }
        if len(value.variants) > 1:
            about["pilihan yang dipakai"] = value.chosen.replace("_", " ")
        told[value.name] = (value, about)
    return told


def _packages(edition: Edition) -> Told[Package]:
    return {
        package.name: (
            package,
            {
                "judul": package.title,
                "klaster": package.klaster,
                "sasaran": sentence(package.gate, edition.book.vocabulary),
            },
        )
        for package in edition.book.rules.packages
    }


def _rules(edition: Edition, rules: tuple[Rule, ...]) -> Told[Rule]:
    return {rule.name: (rule, _about(edition, rule)) for rule in rules}


def _about(edition: Edition, rule: Rule) -> dict[str, str]:
    """Everything that can change about a rule, in words."""
    vocabulary, titles = edition.book.vocabulary, edition.titles
    about = {"judul": rule.title}
    if isinstance(rule, Need):
        about |= {_SLOTS[slot]: said for slot, said in slots(rule, vocabulary, titles)}
        about["hari terakhir"] = windows_of(rule, vocabulary, titles)[-1].removeprefix("-")
        about["jadwal"] = how_often(rule)
        about["cara menjangkau"] = reached(rule)
        about["sesudah"] = titles[rule.after] if rule.after else ""
        words = words_for(rule, vocabulary, titles)
        about["tidak perlu bila"] = "; ".join(
            f"{words.say(each.when)} ({each.say})" for each in rule.exclusions
        )
        about["pelaksana"] = "; ".join(performers(rule, vocabulary))
    elif isinstance(rule, Classification):
        about["sasaran"] = words_for(rule, vocabulary, titles).say(rule.who)
        for said, row in rows(rule, vocabulary, titles):
            about[f"golongan {row.value.replace('_', ' ')}"] = f"{said} ({ACTIONS[row.do]})"
    else:
        about |= _about_indicator(edition, rule)
    about |= {f"arti kata {name}": said for name, said in meanings(rule, vocabulary, titles)}
    about |= {"sumber": rule.cites, "keyakinan": _confidence(rule.confidence)}
    return about


def _about_indicator(edition: Edition, rule: Indicator) -> dict[str, str]:
    words = words_for(rule, edition.book.vocabulary, edition.titles)
    components = {f"komponen {rule.labels[name]}": words.say(node) for name, node in rule.components.items()}
    return {
        "dihitung": words.say(rule.counted),
        "masa hitung": PERIODS[rule.period],
        "terlayani": words.say(rule.reached),
        "penyebut menurut peraturan": rule.official,
        **components,
    }


def _sources(edition: Edition) -> Told[Source]:
    return {
        source.name: (
            source,
            {
                "judul": source.title,
                "nomor": source.number,
                "yang dibaca": source.read,
                "keyakinan": _confidence(source.confidence),
            },
        )
        for source in edition.sources
    }


def _kinds(edition: Edition) -> Told[str]:
    """Kinds of record with what may be written in them."""
    told: Told[str] = {}
    for kind in edition.book.vocabulary.kinds.values():
        about = {"judul": kind.title}
        for field in kind.fields.values():
            limits = (
                ""
                if field.possible is None
                else f" {field.possible[0]:g} sampai {field.possible[1]:g} {field.unit}"
            )
            about[f"isian {field.label}"] = f"{field.type}{'?' if field.nullable else ''}{limits}".rstrip()
        told[kind.name] = (f"Catatan {kind.title}", about)
    return told


def _codes(edition: Edition) -> Told[str]:
    """Lists of codes with their words."""
    return {
        name: (
            f"Daftar kata {name.replace('_', ' ')}",
            {f"kata {code.name}": code.label for code in codes.values()},
        )
        for name, codes in edition.book.vocabulary.codes.items()
    }


def _unseen(old: Edition, new: Edition, found: list[Difference]) -> Iterator[Difference]:
    """Rules that compute otherwise although every word about them is the same; nobody may be left to guess."""
    told = {difference.name for difference in found}
    before = {rule.name: rule for rule in _every(old.book)}
    for rule in _every(new.book):
        was = before.get(rule.name)
        if was is None or rule.name in told:
            continue
        if expressions_of_rule(was) != expressions_of_rule(rule):
            yield Difference(_ABOUT[type(rule)], rule.name, rule.title, "rumusan", "yang lama", "yang baru")


def _every(book: Book) -> tuple[Rule, ...]:
    return (*book.needs, *book.classifications, *book.indicators)


_ABOUT: Mapping[type, str] = {Need: "need", Classification: "classification", Indicator: "indicator"}


def _title(rule: Rule) -> str:
    return rule.title


def _confidence(word: str) -> str:
    return CONFIDENCE[word][0] if word in CONFIDENCE else word
