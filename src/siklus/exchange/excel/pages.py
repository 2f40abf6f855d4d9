"""What the import pages show: states of a batch, rows by verdict in words, columns of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from siklus.exchange.excel.columns import Header, Layout
from siklus.exchange.excel.matching import CONFLICT, MATCH, NEW
from siklus.exchange.excel.queries import Batch, RowView, counts_of
from siklus.exchange.excel.rows import At
from siklus.exchange.excel.verdicts import REJECT, SKIP
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import format_record_id
from siklus.records.words import number, shown_day
from siklus.rules.vocabulary import Vocabulary

COLUMNS = "kolom"
VERDICT_BY_TAB = {"baru": NEW, "cocok": MATCH, "meragukan": CONFLICT, "ditolak": REJECT, "dilewati": SKIP}


@dataclass(frozen=True, slots=True)
class Tab:
    """A count over a word, as the tabs component takes it."""

    number: str
    word: str
    href: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that refuses its row. `chosen` is what a tap on the suggestion would read there, `column_key` where."""

    row: int
    column: str
    found: str
    why: str
    todo: str
    chosen: str
    column_key: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is new, known or doubtful: who, what it writes, what is remarked."""

    row: int
    name: str
    href: str
    said: str
    writes: tuple[str, ...]
    remarks: tuple[str, ...]
    may_be_same: bool


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file: what it says, what it is taken for, how sure, what becomes of it."""

    position: int
    letters: str
    text: str
    key: str
    title: str
    sure: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Which of how many these are, in words; addresses are empty at the ends."""

    said: str
    before: str
    after: str


def state_words(batch: Batch) -> str:
    """Staged, saved, undone, discarded: as people say it."""
    return {
        "staged": _("belum disimpan"),
        "saved": _("disimpan"),
        "undone": _("dibatalkan"),
        "discarded": _("dibuang"),
    }[batch.state]


def tabs_of(batch: Batch, header: Header, shown: str) -> list[Tab]:
    """One tab a verdict that has rows (new and known always), and one for the columns."""
    counts = counts_of(batch)
    here = reverse("impor:lihat", args=[batch.pk])
    words = {
        "baru": _("Orang baru"),
        "cocok": _("Cocok, tambah catatan"),
        "meragukan": _("Meragukan, Anda putuskan"),
        "ditolak": _("Ditolak, perlu dibetulkan"),
        "dilewati": _("Dilewati"),
    }
    tabs = [
        Tab(number(counts.get(verdict, 0)), words[name], f"{here}?lihat={name}", name == shown)
        for name, verdict in VERDICT_BY_TAB.items()
        if counts.get(verdict, 0) or verdict not in (SKIP,)
    ]
    known = f"{header.known}/{sum(bool(text) for text in header.texts)}"
    return [*tabs, Tab(known, _("Kolom dikenali"), f"{here}?lihat={COLUMNS}", shown == COLUMNS)]


def first_tab(batch: Batch) -> str:
    """The tab that needs a person most: refused, then doubtful, then new, then known."""
    counts = counts_of(batch)
    order = ("ditolak", "meragukan", "baru", "cocok")
    return next((name for name in order if counts.get(VERDICT_BY_TAB[name])), "baru")


def fault_lines(views: Iterable[RowView], layout: Layout) -> list[Fault]:
    """One line a fault, in the order of the file."""
    key_by_title = {column.title: column.key for column in layout.columns.values()}
    return [_fault(view, at, key_by_title) for view in views for at in view.faults]


def lines_of(views: Iterable[RowView], vocabulary: Vocabulary, places: Mapping[str, str]) -> list[Line]:
    """One line a row that is not refused."""
    return [_line(view, vocabulary, places) for view in views]


def place_codes(views: Iterable[RowView]) -> set[str]:
    """Codes of villages and posyandu the rows name."""
    return {view.draft[level] for view in views for level in ("desa", "posyandu") if view.draft.get(level)}


def column_lines(header: Header, layout: Layout, letters: Sequence[str]) -> list[ColumnLine]:
    """One line a column of the file."""
    lines = []
    for position, (text, key, score) in enumerate(zip(header.texts, header.keys, header.scores, strict=True)):
        if not text and key is None:
            continue
        column = layout.columns[key] if key else None
        if column is None:
            sure, becomes = "", _("Tidak dikenal; isinya tidak dibaca")
        else:
            sure = _("sama") if score == 1 else _("mirip %(n)s %%") % {"n": round(score * 100)}
            becomes = (
                _("Dipakai") if column.to else _("Dibaca, tidak disimpan: %(why)s") % {"why": column.why}
            )
        lines.append(
            ColumnLine(
                position, letters[position], text, key or "", column.title if column else "", sure, becomes
            )
        )
    return lines


def pager_of(batch: Batch, shown: str, page: int, size: int, total: int) -> Pager | None:
    """The way through more rows than one page holds."""
    if total <= size:
        return None
    here = f"{reverse('impor:lihat', args=[batch.pk])}?lihat={shown}&hal="
    first, last = (page - 1) * size + 1, min(total, page * size)
    said = _("Baris %(first)s–%(last)s dari %(total)s") % {
        "first": number(first), "last": number(last), "total": number(total)
    }  # fmt: skip
    return Pager(said, f"{here}{page - 1}" if page > 1 else "", f"{here}{page + 1}" if last < total else "")


def person_href(person_id: int | None) -> str:
    """The page of a person, if the desk has one."""
    if person_id is None:
        return ""
    try:
        return reverse("desk:person", args=[person_id])
    except NoReverseMatch:
        return ""


def said_of(draft: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """`P · 12 Mar 2024 · anak dari Yuni Astuti · Apur, Aster` of what a row says."""
    person = draft["person"]
    birth = person.get("birth")
    parents = person.get("nama_ortu")
    parts = [
        (person.get("sex") or "").upper(),
        shown_day(parse_day(birth)) if birth else "",
        _("orang tua %(name)s") % {"name": parents} if parents else "",
        ", ".join(places[code] for code in (draft["desa"], draft["posyandu"]) if code in places),
    ]
    return " · ".join(part for part in parts if part)


def _fault(view: RowView, at: At, key_by_title: Mapping[str, str]) -> Fault:
    return Fault(
        view.row.number, at.column, at.found, at.finding.why(_), at.finding.todo(_), at.finding.suggestion,
        key_by_title.get(at.column, ""),
    )  # fmt: skip


def _line(view: RowView, vocabulary: Vocabulary, places: Mapping[str, str]) -> Line:
    remarks = []
    for at in view.remarks:
        said = " ".join(part for part in (at.finding.why(_), at.finding.todo(_)) if part)
        remarks.append(f"{at.column} “{at.found}”: {said}" if at.found else said)
    return Line(
        view.row.number, view.row.name, person_href(view.row.person_id), said_of(view.draft, places),
        tuple(_writes(one, vocabulary) for one in view.plan), tuple(remarks), view.draft.get("may_be_same", True),
    )  # fmt: skip


def _writes(entry: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """One record a row writes, in words."""
    kind = vocabulary.kinds[entry["kind"]]
    if kind.register:
        return kind.title
    values = []
    for name, value in entry["data"].items():
        field = kind.fields.get(name)
        if field is None:
            continue
        shown = vocabulary.codes[field.codes][value].label if field.codes else number(value)
        values.append(f"{field.label.lower()} {shown} {field.unit}".rstrip())
    return f"{kind.title} {shown_day(entry['on'])}: {', '.join(values)}"


def id_text(person_id: int) -> str:
    """The id of a person as addresses and the audit have it."""
    return format_record_id(person_id)
