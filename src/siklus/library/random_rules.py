"""Rule books nobody would write: their own closed lists, needs, series, indicators and classifications.

Every expression is drawn by type from the whole language, so every book can be compiled; what it says means nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from siklus.library.loading import Book, compile_book, knowledge_folder
from siklus.library.random_expressions import SPANS, Draw
from siklus.library.random_vocabulary import EPISODES, KINDS, OF_HOUSEHOLD, random_vocabulary
from siklus.library.standards import FOLDER, read_tables
from siklus.library.yaml_text import parse_yaml, plain_yaml, text_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Vocabulary, build_vocabulary

Document = dict[str, Any]

SCHEDULES = (
    "calendar month",
    "calendar year",
    "school year",
    "week",
    "campaign months [2, 8]",
    "campaign months [1, 5, 11]",
    "ages [3, 6] months",
    "ages [2, 12, 24] months",
)
ROLLING = ("10 days", "2 weeks", "3 months", "1 year")
PERIODS = ("year", "school year", "quarter", "month", "month cumulative")
ACTIONS = ("segera", "pustu", "kunjungi", "edukasi", "none")
_SOURCE = {"cites": "acak", "confidence": "ours"}
_BY = [{"at": "pustu", "who": ["bidan"]}]
_VALUES = {
    "v_angka": {"is": 4, "cites": "acak"},
    "v_jeda": {"is": "20 days", "cites": "acak"},
    "v_lama": [
        {"name": "a", "is": "2 months", "since": "2023-12-01", "cites": "acak"},
        {"name": "b", "is": "1 month", "cites": "acak"},
    ],
}
_NAMES = {"int": ["v_angka"]}
_NOT_BY_AGE = -2
_SPANS = (*SPANS, "v_jeda", "v_lama")
_LETS = {
    "l1": "last(timbang)",
    "l2": "first(kunjungan where nilai is known) + 1 month",
    "l3": "last(masa.opened)",
}
_LETS_OF_HOUSEHOLD = {
    "k1": "last(tinjau)",
    "k2": "first(sumur where nilai is known) + 1 month",
    "k3": "max(member.hari_a)",
}
_SHARED_AT_MOST = 3
_EVERYBODY = 0.4
_SHARES = {"series": 0.2, "indicator": 0.3, "classification": 0.1}


def random_book(seed: int | str, count: int) -> Book:
    """A compiled book of so many rules."""
    return book_of(random_documents(seed, count))


def book_of(documents: Sequence[Mapping[str, Any]]) -> Book:
    """The book that plain documents make."""
    texts = enumerate(map(text_of, documents))
    return compile_book([parse_yaml(text, f"acak{place}") for place, text in texts], "acak")


def random_documents(seed: int | str, count: int) -> list[Document]:
    """A vocabulary, indicators and two packages with so many rules; every step of a series is one."""
    chance = random.Random(seed)
    lists = random_vocabulary(chance, _growth())
    tables = read_tables(knowledge_folder())
    drawing = _Rules(build_vocabulary([("acak", lists)], tables), chance)
    packages = [drawing.package(name) for name in ("acak", "acuh")]
    drawing.know_shares(packages)
    households = drawing.package("rumah", HOUSEHOLD)
    indicators: list[Document] = []
    while drawing.number < count:
        way, package = chance.random(), chance.choice(packages)
        if way < _SHARES["series"]:
            series = drawing.series()
            (households if series["per"] == HOUSEHOLD else package)["needs"].append(series)
        elif way < _SHARES["series"] + _SHARES["indicator"]:
            indicators.append(drawing.indicator())
        elif way < sum(_SHARES.values()):
            package["classifications"].append(drawing.classification())
        else:
            need = drawing.need()
            (households if need["per"] == HOUSEHOLD else package)["needs"].append(need)
    if not any(package["needs"] for package in packages):
        packages[0]["needs"].append(drawing.need(PERSON))
    return [lists, households, *packages, {"indicators": indicators}]


@cache
def _growth() -> Document:
    """How children are judged: read, for it cannot be drawn."""
    path = knowledge_folder() / FOLDER / "growth.yaml"
    growth: Document = plain_yaml(path)["growth"]
    return growth


class _Rules:
    """Draws rules and numbers them."""

    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self.vocabulary, self.chance, self.number = vocabulary, chance, 0
        self.names: list[str] = []

    def name(self, word: str) -> str:
        self.number += 1
        return f"{word}_{self.number}"

    def draw(self, unit: str, **names: Any) -> Draw:
        lets = self.lets(unit)
        late = names.pop("late", tuple(lets))
        given = names.pop("given", _NAMES)
        outside = {"date": list(lets), **names.pop("outside", {})}
        return Draw(self.vocabulary, unit, self.chance, given, late, outside, _SPANS, tuple(self.names[-6:]))

    def a_unit(self) -> str:
        return self.chance.choice([PERSON, PERSON, *EPISODES, HOUSEHOLD])

    def lets(self, unit: str) -> Mapping[str, str]:
        """The lets a rule about a unit finds in its package."""
        return _LETS_OF_HOUSEHOLD if unit == HOUSEHOLD else _LETS

    def kinds(self, unit: str) -> tuple[str, ...]:
        """The kinds of record that settle a need of a unit."""
        return OF_HOUSEHOLD if unit == HOUSEHOLD else KINDS

    def know_shares(self, packages: Sequence[Document]) -> None:
        """Lets that persons share, of any type; rules about households may then ask for them."""
        member = dict(self.vocabulary.person)
        for package in packages:
            draw = self.draw(PERSON)
            for place in range(self.chance.randint(1, _SHARED_AT_MOST)):
                name, of = f"s{place}_{package['package']}", draw.a_type()
                package["let"] = {**package["let"], name: {"is": draw.of(of, 3), "share": True}}
                member[name] = Field(name, of, nullable=True)
        self.vocabulary = replace(self.vocabulary, member=member)

    def maybe(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def who(self, draw: Draw) -> str:
        """Often everybody, so that the other slots are reached."""
        return "true" if self.maybe(_EVERYBODY) else draw.of("bool", 2)

    def package(self, name: str, unit: str = PERSON) -> Document:
        """A package without rules. A gate speaks only of facts and of today."""
        gate: Document = {"per": unit} if unit == HOUSEHOLD else {}
        if self.maybe(0.6):
            gates = ["ya_a", "angka_a > 2 or today >= hari_a"]
            gate["for"] = self.chance.choice(
                gates if unit == HOUSEHOLD else ["age_months(today) < 600", *gates]
            )
        head = {"package": name, "title": name, **gate, "by": _BY, **_SOURCE, "values": _VALUES}
        head["let"] = self.lets(unit)
        return {**head, "needs": [], "classifications": []}

    def need(self, unit: str = "") -> Document:
        name, unit = self.name("perlu"), unit or self.a_unit()
        plain, lets = self.draw(unit), self.lets(unit)
        kind = self.chance.choice(self.kinds(unit))
        need: Document = {"need": name, "title": name, "per": unit, "who": self.who(plain)}
        need["counts"] = f"{kind} where {plain.of('bool', 2, kind)}" if self.maybe(0.8) else kind
        way = self.chance.random()
        draw = plain
        if way < 0.4:
            need["opens"] = plain.of("date", 2)
            if self.maybe(0.2):
                need["due"] = need.pop("opens")
        elif way < 0.6:
            need["every"] = f"{self.chance.choice(ROLLING)} since last"
            if self.maybe(0.7):
                need["starts"] = plain.of("date", 2)
            draw = self.draw(unit, outside={"date": ["this.due", "last", *lets]})
        else:
            # Nobody's age is a household's.
            need["every"] = self.chance.choice(SCHEDULES[:_NOT_BY_AGE] if unit == HOUSEHOLD else SCHEDULES)
            around = ("this.from", "this.to")
            draw = self.draw(unit, outside={"date": [*around, *lets]}, late=(*around, *lets))
        slots = (
            ("opens", "overdue", "until")
            if "since last" in need.get("every", "")
            else ("due", "overdue", "until")
        )
        for slot in slots:
            if slot not in need and self.maybe():
                need[slot] = draw.of("date", 2)
        if self.maybe(0.35):
            need["not_needed"] = [
                {"when": draw.of("bool", 2), "say": "acak"} for _ in range(self.chance.randint(1, 2))
            ]
        if self.maybe(0.2) and "since last" not in need.get("every", ""):
            need["done"] = draw.of("bool", 3)
        if self.maybe(0.2) and unit != HOUSEHOLD:
            need["appointment"] = "kontrol"
        if self.maybe(0.2):
            need["let"] = {"l4": plain.of("date", 2)}
            need["until"] = "l4 + 1 month"
        self.names.append(name)
        return need

    def series(self) -> Document:
        name, unit = self.name("deret"), self.a_unit()
        self.number -= 1
        lets, kind = self.lets(unit), "suntik" if unit != HOUSEHOLD else OF_HOUSEHOLD[0]
        draw, steps = self.draw(unit), []
        for place in range(1, self.chance.randint(2, 4)):
            earlier = ["prev", "first"] if place > 1 else []
            own = self.draw(unit, outside={"date": [*earlier, *lets]}, late=(*earlier, *lets))
            opens = own.of("date", 2)
            if earlier and self.maybe(0.6):
                opens = f"latest_of({opens}, prev + {own.pick('1 month', '14 days')})"
            step: Document = {"need": self.name("langkah"), "title": name, "opens": opens}
            for slot in ("due", "overdue", "until"):
                if self.maybe(0.4):
                    step[slot] = own.of("date", 2)
            if self.maybe(0.2):
                step["who"] = own.of("bool", 2)
            if self.maybe(0.25):
                step["not_needed"] = [{"when": own.of("bool", 2), "say": "acak"}]
            self.names.append(step["need"])
            steps.append(step)
        where = f" where {draw.of('bool', 2, kind)}" if self.maybe(0.8) else ""
        series = {
            "series": name,
            "title": name,
            "per": unit,
            "who": self.who(draw),
            "counts": f"{kind}{where}",
        }
        return {**series, **({"number": "nilai"} if self.maybe() else {}), "steps": steps}

    def indicator(self) -> Document:
        name, unit = self.name("angka"), self.a_unit()
        bounds = {**_NAMES, "date": ["period.from", "period.to"]}
        draw = self.draw(unit, given=bounds)
        components = {
            letter: draw.of("bool", self.chance.randint(2, 4))
            for letter in "abc"[: self.chance.randint(1, 3)]
        }
        if self.maybe(0.4):
            components["d"] = f"({draw.of(draw.a_type(), 3)}) is known"
        said: Document = {
            "indicator": name,
            "title": name,
            "per": unit,
            "period": self.chance.choice(PERIODS),
            **_SOURCE,
        }
        said |= {
            "values": _VALUES,
            "let": self.lets(unit),
            "counted": draw.of("bool", 2),
            "components": components,
        }
        return {**said, **({"reached": draw.of("bool", 2)} if self.maybe(0.3) else {})}

    def classification(self) -> Document:
        name, kind = self.name("kelas"), self.chance.choice(KINDS)
        plain = self.draw(PERSON)
        fields = self.vocabulary.fields_of(kind)
        own: dict[str, list[str]] = {}
        for each, spec in fields.items():
            own.setdefault(spec.type, []).extend([each] * 3)
        row = self.draw(PERSON, outside={**own, "date": [*own["date"], *_LETS]})
        rows = [
            {"when": row.of("bool", 2), "is": f"baris_{place}", "do": self.chance.choice(ACTIONS)}
            for place in range(self.chance.randint(1, 3))
        ]
        where = f" where {plain.of('bool', 2, kind)}" if self.maybe() else ""
        table: Document = {"classification": name, "title": name, "of": f"{kind}{where}"}
        if self.maybe(0.6):
            table["who"] = plain.of("bool", 2)
        return {**table, "rows": [*rows, {"when": "otherwise", "is": "sisa", "do": "none"}]}
