"""Everything held of one person in words: who it is, each record with its history, what is owed, who looked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siklus.desk import words
from siklus.desk.pages.life import value_words
from siklus.desk.statuses import WORDS
from siklus.kernel.dates import parse_day
from siklus.records.values import to_engine
from siklus.rules.vocabulary import Vocabulary

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the page."""

    title: str
    heads: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class HeldPage:
    """The page; `closed` says what is left out, empty when nothing is."""

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    closed: str
    crumbs: Sequence[tuple[str, str]]


def held_page(
    told: Mapping[str, Any], vocabulary: Vocabulary, today: int, crumbs: Sequence[tuple[str, str]]
) -> HeldPage:
    """The dossier of `care.dossier`, readable. Today stands on it: it is true of that day."""
    person, closed = told["orang"], told["ditutup"]
    tables = [
        Table(
            _("Catatan"),
            (_("Tanggal"), _("Jenis"), _("Isi"), _("Ditulis"), _("Keterangan")),
            tuple(_record(row, vocabulary) for row in told["catatan"]),
        ),
        Table(
            _("Kebutuhan yang dihitung"),
            (_("Kebutuhan"), _("Status"), _("Sejak")),
            tuple(
                (row["kebutuhan"], str(WORDS[row["status"]]), _day(row["sejak"])) for row in told["kebutuhan"]
            ),
        ),
        Table(
            _("Siapa yang membuka"),
            (_("Waktu"), _("Siapa"), _("Apa")),
            tuple((_moment(row["waktu"]), row["siapa"], row["apa"]) for row in told["dibuka"]),
        ),
    ]
    known = {"orang", "catatan", "ditutup", "kebutuhan", "dibuka"}
    for title, rows in told.items():
        if title not in known and rows:
            tables.append(
                Table(
                    title.capitalize(), tuple(rows[0]), tuple(tuple(map(str, row.values())) for row in rows)
                )
            )
    return HeldPage(
        _("Semua data tentang %(name)s") % {"name": person["nama"]},
        (*_facts(person), (_("Keadaan tanggal"), words.day(today))),
        tuple(tables),
        ngettext(
            "%(n)s catatan rahasia tidak ditampilkan di sini; mintalah kepada petugas yang berwenang.",
            "%(n)s catatan rahasia tidak ditampilkan di sini; mintalah kepada petugas yang berwenang.",
            closed,
        )
        % {"n": closed}
        if closed
        else "",
        crumbs,
    )


def _facts(person: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    sure = {True: _("punya"), False: _("tidak punya"), None: ""}
    said = (
        (_("Nomor"), ", ".join((person["nomor"], *person["nomor_lain"]))),
        (_("NIK"), person["nik"]),
        (_("No. KK"), person["no_kk"]),
        (_("Lahir"), _day(person["lahir"])),
        (_("Ibu"), person["ibu"]),
        (_("Desa"), person["desa"]),
        (_("Posyandu"), person["posyandu"]),
        (_("HP"), person["hp"]),
        (_("JKN"), sure[person["jkn"]]),
        (_("Meninggal"), _day(person["meninggal"])),
        (_("Pindah keluar"), _day(person["pindah_keluar"])),
    )
    return tuple((word, value) for word, value in said if value)


def _record(row: Mapping[str, Any], vocabulary: Vocabulary) -> Row:
    notes = [
        _("menggantikan %(record)s") % {"record": row["mengganti"]} if row["mengganti"] else "",
        _("dibatalkan") if row["dibatalkan"] else "",
        row["alasan"],
        _("dari berkas impor %(n)s") % {"n": row["berkas_impor"]} if row["berkas_impor"] else "",
    ]
    written = " · ".join(filter(None, (_moment(row["ditulis"]), row["penulis"])))
    return (
        _day(row["tanggal"]),
        row["judul"],
        _said(row, vocabulary),
        written,
        " · ".join(filter(None, notes)),
    )


def _said(row: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    kind = vocabulary.kinds.get(row["jenis"])
    parts = []
    for name, value in row["isi"].items():
        spec = kind.fields.get(name) if kind else None
        if spec is None or spec.type in ("text", "record", "need"):
            parts.append(f"{spec.label if spec else name}: {value}")
        else:
            engine = to_engine(spec, value)
            shown = value_words(engine, spec, vocabulary, {}) if engine is not None else str(value)
            parts.append(f"{spec.label}: {shown}")
    return " · ".join(parts)


def _moment(text: str) -> str:
    return words.moment(datetime.datetime.fromisoformat(text))


def _day(text: str | None) -> str:
    return words.day(parse_day(text)) if text else ""
