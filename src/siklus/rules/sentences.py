"""Any expression of the rule language as plain Indonesian that a bidan can read.

`sentence(node, vocabulary, titles)`: a yes/no becomes a clause (`umur 15 tahun atau lebih`), a value a noun phrase
(`yang lebih akhir dari umur 9 bulan dan 1 bulan sesudah tanggal MR 1`). `titles` names needs for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.clauses import clause, enclosed, parts, told
from siklus.rules.date_phrases import last_day, occurrence_bound, shifted, start_of
from siklus.rules.plain import plain
from siklus.rules.shown import inner, length, listed, shown
from siklus.rules.vocabulary import EPISODE_KIND, MEMBER, PERSON, Field, Vocabulary

_AGES = {"age_days": "hari", "age_months": "bulan", "age_years": "tahun"}
_MEMBER = "anggota keluarga"
_LENGTHS = {"months_between": "bulan", "weeks_between": "minggu"}
_PLACES = {"first": "pertama", "last": "terakhir", "min": "terkecil", "max": "terbesar"}
_OF_CALLS = {
    "month": "bulan dari {0}",
    "year": "tahun dari {0}",
    "months_between": "jumlah bulan penuh dari {0} sampai {1}",
    "weeks_between": "jumlah minggu penuh dari {0} sampai {1}",
}
_COUNTED = {
    "exists": "ada",
    "count": "jumlah",
    "days_with": "jumlah hari dengan",
    "months_with": "jumlah bulan dengan",
    "dates": "semua tanggal",
}


def sentence(
    node: t.Node, vocabulary: Vocabulary, titles: Mapping[str, str] | None = None, unit: str = PERSON
) -> str:
    """The expression in words; `unit` is what the rule is about."""
    return Words(vocabulary, titles or {}, unit).say(node)


@dataclass(frozen=True)
class Words:
    """The words for the rules of one book about one unit. `named` gives a phrase to an expression told before."""

    vocabulary: Vocabulary
    titles: Mapping[str, str] = field(default_factory=dict)
    unit: str = PERSON
    kind: str | None = None
    named: Mapping[t.Node, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Words:
        """The words inside a condition on records of a kind."""
        return replace(self, kind=kind)

    def until(self, limit: t.Node) -> str:
        """An exclusive limit by the last day that still counts: `sampai dan termasuk umur 7 hari`."""
        return last_day(limit, self.say)

    def say(self, node: t.Node) -> str:
        """A clause for a yes/no, a noun phrase for a value."""
        if self.named and node in self.named:
            return self.named[node]
        node = plain(node)
        if self.named and node in self.named:
            return self.named[node]
        match node:
            case t.Literal():
                return self.constant(node)
            case t.SpanLiteral(count, in_months):
                return length(count, in_months)
            case t.Today():
                return "hari ini"
            case t.PeriodBound(start):
                return "awal periode" if start else "akhir periode"
            case t.Fact() | t.RecordField():
                return self.label_of(node)
            case t.StepValue(name, _, _):
                title = self.titles.get(node.need, node.need)
                return f"tanggal {title}" if name.endswith(".on") else f"{title} sudah"
            case t.And() | t.Or() | t.Not() | t.Compare() | t.OneOf() | t.IsKnown():
                return clause(self, node)
            case t.Aggregate():
                return self.aggregate(node)
            case t.EarliestWithin(dates, low, high):
                return f"{self.event(dates)} yang pertama sejak {self.say(low)}, {self.until(high)}"
            case t.HasDates(dates):
                return f"pernah ada {self.event(dates)}"
            case _:
                return self.calculated(node)

    def calculated(self, node: t.Node) -> str:
        """What is worked out from other values."""
        match node:
            case t.Shift():
                return shifted(node, self.say)
            case t.DaysBetween(later, earlier):
                return f"jumlah hari dari {self.say(earlier)} sampai {self.say(later)}"
            case t.Sum(left, right, sign):
                return f"{self.say(left)} {'ditambah' if sign > 0 else 'dikurangi'} {self.say(right)}"
            case t.Product(arg, factor):
                return f"{factor} kali {self.say(arg)}"
            case t.Extreme(latest, args):
                return self.extreme(latest, args)
            case t.FirstKnown(args):
                return self.first_known(args)
            case t.Choice(condition, then, other):
                bound = occurrence_bound(node)
                return bound or f"{self.say(then)} bila {self.say(condition)}; bila tidak, {self.say(other)}"
            case t.Call():
                return self.call(node)
        raise TypeError(f"no words for {node!r}")

    def constant(self, node: t.Literal) -> str:
        if is_never(node):
            return "tanpa batas waktu"
        if node.of == "date" and node.said:
            return node.said
        if node.of == "need":
            return self.titles.get(node.value, node.value)
        return shown(self.vocabulary, node.of, node.value)

    def amount(self, node: t.Node, of: t.Node) -> str:
        """A number beside what it is compared with, which has the unit."""
        said = self.say(node)
        return f"{said} {self.unit_of(of)}".strip() if isinstance(node, t.Literal) else said

    def option(self, of: t.Node, value: object) -> str:
        """One word of a list of codes or numbers."""
        return shown(self.vocabulary, of.type, value)

    def unit_of(self, node: t.Node) -> str:
        if isinstance(node, t.Call):
            return _AGES.get(node.function) or (_LENGTHS.get(node.function, "") if node in self.named else "")
        spec = self.field_of(node)
        return spec.unit if spec else ""

    def field_of(self, node: t.Node) -> Field | None:
        """The declared field a value is of, for its label and unit."""
        match node:
            case t.Fact(name, _, _):
                return self.vocabulary.facts_of(self.unit).get(name)
            case t.Aggregate(function, kind, name) if name and function not in _COUNTED:
                return self.vocabulary.fields_of(kind).get(name)
            case t.RecordField(name, _, _) if self.kind is not None:
                return self.vocabulary.fields_of(self.kind).get(name)
            case t.FirstKnown((first, *_)) | t.Sum(first) | t.Choice(_, first):
                return self.field_of(first)
        return None

    def label_of(self, node: t.Fact | t.RecordField) -> str:
        if isinstance(node, t.RecordField) and node.name == "date":
            return "tanggal catatan"
        spec = self.field_of(node)
        return inner(spec.label) if spec else node.name.replace("_", " ")

    def extreme(self, latest: bool, args: tuple[t.Node, ...]) -> str:
        of_dates, are_two = args[0].type == "date", len(args) == len(("a", "b"))
        if are_two and of_dates and not latest and isinstance(args[0], t.Extreme | t.FirstKnown):
            return f"{self.say(args[0])}, tetapi paling lambat {self.say(args[1])}"
        word = ("akhir" if latest else "awal") if of_dates else ("besar" if latest else "kecil")
        said = listed([enclosed(self, arg) for arg in args], "dan")
        return f"yang {'lebih' if are_two else 'paling'} {word} dari {said}"

    def first_known(self, args: tuple[t.Node, ...]) -> str:
        first, last = args[0], args[-1]
        if last == t.FALSE:
            return self.say(first)
        if last == t.TRUE:
            return f"{self.say(first)} (atau belum diketahui)"
        otherwise = ", atau ".join(enclosed(self, arg) for arg in args[1:])
        never = (
            "belum pernah"
            if any(isinstance(part, t.Aggregate) for part in t.walk(first))
            else "belum diketahui"
        )
        return f"{self.say(first)} (bila {never}: {otherwise})"

    def call(self, node: t.Call) -> str:
        name, args = node.function, node.args
        if name in _AGES:
            on = args[1]
            if isinstance(on, t.Today):
                return "umur"
            if isinstance(on, t.Extreme) and not on.latest and on.args[0] == t.Today():
                return f"umur (dihitung paling lambat pada {self.say(on.args[1])})"
            return (
                "umur saat itu"
                if isinstance(on, t.RecordField | t.Aggregate)
                else f"umur pada {self.say(on)}"
            )
        if name in _OF_CALLS:
            return _OF_CALLS[name].format(*(self.say(arg) for arg in args))
        return start_of(node, self.say)

    def event(self, node: t.Aggregate) -> str:
        """The records an aggregate looks at: `imunisasi (vaksin BCG, sejak tanggal lahir)`."""
        inside = self.of_kind(node.kind)
        own = t.IsKnown(t.RecordField(node.field or "", node.type, True))
        conditions = [part for part in parts(inside, plain(node.where)) if part != own]
        said = told(inside, conditions, are_listed=True)
        title = self.kind_title(node.kind)
        return f"{title} ({', '.join(said)})" if said else title

    def aggregate(self, node: t.Aggregate) -> str:
        event, name = self.event(node), node.field or "date"
        if node.function in _COUNTED:
            return f"{_COUNTED[node.function]} {event}"
        is_date = name == "date"
        label = "tanggal" if is_date else inner(self.vocabulary.fields_of(node.kind)[name].label)
        joined = f"{label} {event}" if is_date else f"{label} pada {event}"
        if node.function == "sum":
            return f"jumlah {joined}"
        if node.function == "nth":
            return f"{joined} yang ke-{abs(node.nth)}{' dari akhir' if node.nth < 0 else ''}"
        if node.function in ("min", "max") and not is_date:
            return f"{label} yang {_PLACES[node.function]} pada {event}"
        return f"{joined} yang {_PLACES[node.function]}"

    def has_name(self, node: t.Node) -> bool:
        """True of an expression that goes by the name its writer gave it."""
        return node in self.named

    def kind_title(self, kind: str) -> str:
        """What a kind of record, or an episode seen as one, is called inside a sentence."""
        if kind == MEMBER:
            return _MEMBER
        if kind.startswith(EPISODE_KIND):
            return inner(self.vocabulary.episodes[kind.removeprefix(EPISODE_KIND)].title)
        return inner(self.vocabulary.kinds[kind].title)


def is_never(node: t.Node) -> bool:
    return (
        isinstance(node, t.Literal) and node.of == "date" and node.value is not None and node.value >= NEVER
    )
