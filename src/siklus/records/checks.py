"""The check of one record at the door: against the vocabulary, the calendar and what is known of the person.

Every fault is told at once, in plain Indonesian, with what to do. Words written in another known way become the
stored word. Fields the vocabulary does not know are kept, unless they look like a slip of the pen for one it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from siklus.kernel.dates import parse_day, year_of
from siklus.kernel.problems import Problem
from siklus.records import measures
from siklus.records.naming import OwnRecord, is_record_id, may_open, why_not
from siklus.records.words import as_written, code_word, number, shown_day
from siklus.rules.fields import RECORD
from siklus.rules.shown import inner
from siklus.rules.vocabulary import Field, Kind, Vocabulary

IMPLIED = frozenset({"date", "oleh", "tempat"})
_LIKE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the check knows besides the record: today, and of the person the days of birth and death where known.

    `needs` are the names a refusal may give; None lets every name pass (a rule book is not at hand). `records` are
    those of the person by id, of which one may be named; None lets every id pass (the log is not at hand).
    """

    today: int
    birth: int | None = None
    died: int | None = None
    needs: Collection[str] | None = None
    records: Mapping[str, OwnRecord] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The record in stored words; problems refuse it, odd values only want a second look."""

    data: Mapping[str, Any] = field(default_factory=dict)
    by_role: str = ""
    place_kind: str = ""
    problems: tuple[Problem, ...] = ()
    odd: tuple[Problem, ...] = ()


def check_record(
    *,
    kind: str,
    on: int,
    data: Mapping[str, Any],
    by_role: str = "",
    place_kind: str = "",
    vocabulary: Vocabulary,
    around: Surroundings,
    where: str = "",
    keeps_unread: bool = False,
) -> Checked:
    """The record in stored words with everything that is wrong with it; `where` names it in the problems.

    With `keeps_unread` no unknown field is taken for a slip of the pen: a program wrote it, perhaps a newer one.
    """
    spec = vocabulary.kinds.get(kind)
    if spec is None:
        return Checked(problems=(_unknown_kind(kind, vocabulary, where),))
    check = _Check(spec, vocabulary, around, where, keeps_unread)
    check.dates(on)
    check.order(on, data)
    kept = {name: check.value(name, value, data) for name, value in data.items() if name not in IMPLIED}
    check.missing(data)
    return Checked(
        data={name: value for name, value in kept.items() if value is not None},
        by_role=check.implied("oleh", by_role or data.get("oleh")),
        place_kind=check.implied("tempat", place_kind or data.get("tempat")),
        problems=tuple(check.problems),
        odd=tuple(check.odd),
    )


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`Maksudnya 'x'?` for the nearest known word, else nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Maksudnya '{near[0]}'?" if near else ""


def _unknown_kind(kind: str, vocabulary: Vocabulary, where: str) -> Problem:
    guess = did_you_mean(kind, vocabulary.kinds)
    todo = guess or "Lihat daftar jenis catatan di docs/reference/record-kinds.md."
    return Problem("K01", where, f"'{kind}' bukan jenis catatan yang dikenal", "", todo)


class _Check:
    """One pass over one record; collects problems instead of stopping at the first."""

    def __init__(
        self, kind: Kind, vocabulary: Vocabulary, around: Surroundings, where: str, keeps_unread: bool
    ) -> None:
        self.kind, self.vocabulary, self.around = kind, vocabulary, around
        self.keeps_unread = keeps_unread
        self.where = where or kind.title
        self.problems: list[Problem] = []
        self.odd: list[Problem] = []

    def bad(self, code: str, name: str, found: str, expected: str = "", todo: str = "") -> None:
        where = f"{self.where}, {name}" if name else self.where
        self.problems.append(Problem(code, where, found, expected, todo))

    def dates(self, on: int) -> None:
        around, day = self.around, shown_day(on)
        if on > around.today:
            self.bad(
                "K08",
                "tanggal",
                f"{day} belum terjadi",
                todo="Periksa tanggalnya; catatan tidak boleh mendahului hari ini.",
            )
        if around.birth is not None and on < around.birth:
            self.bad(
                "K09", "tanggal", f"{day} sebelum orang ini lahir ({shown_day(around.birth)})",
                todo="Periksa tanggal catatan atau tanggal lahirnya.",
            )  # fmt: skip
        if around.died is not None and on > around.died and not self.kind.register:
            self.bad(
                "K10", "tanggal", f"{day} sesudah orang ini meninggal ({shown_day(around.died)})",
                todo="Periksa tanggalnya, atau betulkan catatan meninggal bila orang ini masih hidup.",
            )  # fmt: skip

    def order(self, on: int, data: Mapping[str, Any]) -> None:
        """Days that stand wrongly to another day of the record or too many years before it, if both can be read."""
        days = {"date": on, **{name: day for name, value in data.items() if (day := _day(value)) is not None}}
        for spec in self.kind.fields.values():
            if spec.type == "date" and spec.possible and spec.name in days:
                longest, day = spec.possible[1], days[spec.name]
                if year_of(on) - year_of(day) > longest:
                    self.bad(
                        "K07", spec.name, f"{_label(spec)}: {shown_day(day)} tidak mungkin",
                        f"paling lama {number(longest)} tahun sebelum tanggal catatan", "Periksa lagi tahunnya.",
                    )  # fmt: skip
            for limit, is_wrong, word in (
                (spec.not_after, int.__gt__, "sesudah"),
                (spec.not_before, int.__lt__, "sebelum"),
            ):
                if spec.name in days and limit in days and is_wrong(days[spec.name], days[limit]):
                    other = "tanggal catatan" if limit == "date" else inner(_label(self.kind.fields[limit]))
                    self.bad(
                        "K14", spec.name,
                        f"{_label(spec)}: {shown_day(days[spec.name])} {word} {other} ({shown_day(days[limit])})",
                        todo="Periksa kedua tanggal itu.",
                    )  # fmt: skip

    def value(self, name: str, value: Any, data: Mapping[str, Any]) -> Any:
        spec = self.kind.fields.get(name)
        if spec is None:
            if not self.keeps_unread:
                self.unknown_field(name, data)
            return value
        if value is None or value == "":
            return None
        return self.typed(spec, value)

    def unknown_field(self, name: str, data: Mapping[str, Any]) -> None:
        free = [known for known in self.kind.fields if known not in data and known not in IMPLIED]
        near = get_close_matches(name, free, n=1, cutoff=_LIKE)
        if near:
            self.bad("K02", name, f"'{name}' bukan isian {self.kind.title}", todo=f"Maksudnya '{near[0]}'?")

    def missing(self, data: Mapping[str, Any]) -> None:
        for spec in self.kind.fields.values():
            if not spec.nullable and spec.name not in IMPLIED and data.get(spec.name) in (None, ""):
                self.bad(
                    "K03",
                    spec.name,
                    f"{_label(spec)} belum diisi",
                    todo="Isilah; catatan ini tidak berarti tanpa itu.",
                )

    def implied(self, name: str, value: Any) -> str:
        spec = self.kind.fields.get(name)
        if value in (None, "") or spec is None:
            return ""
        return str(self.typed(spec, value) or "")

    def typed(self, spec: Field, value: Any) -> Any:
        if spec.codes is not None:
            return self.code(spec, spec.codes, value)
        if spec.type == "bool":
            return self.of_type(spec, value, isinstance(value, bool), "ya atau tidak (true atau false)")
        if spec.type == "int" or spec.places:
            return self.amount(spec, value)
        if spec.type == "date":
            return self.date(spec, value)
        if spec.type == "need":
            return self.need(spec, value)
        if spec.type == RECORD:
            return self.record(spec, value)
        return self.of_type(spec, value, isinstance(value, str), "tulisan")

    def of_type(self, spec: Field, value: Any, fits: bool, expected: str) -> Any:
        if not fits:
            self.bad(
                "K04",
                spec.name,
                f"{_label(spec)}: {as_written(value)} tidak dapat dibaca",
                f"diharapkan {expected}",
            )
        return value

    def code(self, spec: Field, codes: str, value: Any) -> str | None:
        if not isinstance(value, str):
            self.of_type(spec, value, False, f"salah satu kata dari {codes}")
            return None
        word = code_word(self.vocabulary, codes, value)
        if word is None:
            known = self.vocabulary.codes[codes]
            self.bad(
                "K05", spec.name, f"{_label(spec)}: '{value}' tidak dikenal",
                f"diharapkan salah satu dari: {', '.join(known)}", did_you_mean(value.casefold(), known),
            )  # fmt: skip
        return word

    def amount(self, spec: Field, value: Any) -> Any:
        if not measures.is_number(value):
            return self.of_type(spec, value, False, "angka tanpa tanda kutip")
        if measures.places_of(value) > spec.places:
            expected = (
                f"paling banyak {spec.places} angka di belakang koma" if spec.places else "bilangan bulat"
            )
            self.bad("K06", spec.name, f"{_label(spec)}: {number(value)} terlalu rinci", expected)
        if spec.possible is not None and not spec.possible[0] <= value <= spec.possible[1]:
            low, high = spec.possible
            guess = measures.likely(value, spec.plausible or spec.possible, spec.places)
            self.bad(
                "K07", spec.name, f"{_label(spec)}: {_measure(value, spec)} tidak mungkin",
                f"yang mungkin {number(low)} sampai {_measure(high, spec)}",
                f"Maksudnya {_measure(guess, spec)}?" if guess is not None else "Periksa lagi angkanya.",
            )  # fmt: skip
        elif spec.plausible is not None and not spec.plausible[0] <= value <= spec.plausible[1]:
            found = f"{_label(spec)}: {_measure(value, spec)} tidak lazim"
            self.odd.append(
                Problem(
                    "K13", f"{self.where}, {spec.name}", found, "", "Ukur ulang bila bisa; tetap disimpan."
                )
            )
        return int(value) if spec.type == "int" and value == int(value) else value

    def date(self, spec: Field, value: Any) -> Any:
        try:
            parse_day(value)
        except (TypeError, ValueError):
            self.bad(
                "K11", spec.name, f"{_label(spec)}: {as_written(value)} tidak ada di kalender",
                "diharapkan tanggal tahun-bulan-hari seperti 2026-11-21",
            )  # fmt: skip
        return value

    def need(self, spec: Field, value: Any) -> Any:
        if not isinstance(value, str):
            return self.of_type(spec, value, False, "nama kebutuhan")
        needs = self.around.needs
        if needs is not None and value not in needs:
            self.bad(
                "K12",
                spec.name,
                f"'{value}' bukan kebutuhan yang dikenal",
                todo=did_you_mean(value, needs),
            )
        return value

    def record(self, spec: Field, value: Any) -> Any:
        if not is_record_id(value):
            return self.of_type(spec, value, False, "nomor catatan seperti 12-345")
        known, episode = self.around.records, self.vocabulary.episodes[self.kind.episode or ""]
        if known is not None and not may_open(episode, known.get(value)):
            self.bad(
                "K15",
                spec.name,
                f"{_label(spec)}: {why_not(episode, value, known.get(value), self.vocabulary)}",
                todo="Pilih catatan lain, atau kosongkan: lalu tanggal yang menentukan.",
            )
        return value


def _day(value: Any) -> int | None:
    try:
        return parse_day(value)
    except (TypeError, ValueError):
        return None


def _label(spec: Field) -> str:
    return spec.label or spec.name


def _measure(value: float, spec: Field) -> str:
    return f"{number(value)} {spec.unit}".rstrip()
