"""Formulir: which forms there are, and one of them as it is filled in by hand: on a screen, or printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siklus.desk import figures, words
from siklus.library.forms import Catalogue
from siklus.library.forms.model import ASK, TICK, Form, Item, Section
from siklus.library.forms.reports import MONTH, Report
from siklus.library.forms.showing import Shown
from siklus.rules.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form of the list."""

    title: str
    href: str
    whom: str
    at: str
    who: str
    version: str
    questions: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One recapitulation sheet."""

    title: str
    href: str
    every: str
    columns: str


@dataclass(frozen=True, slots=True)
class FormGroup:
    """Forms that are used together."""

    title: str
    lines: tuple[FormLine, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """All forms somebody may fill in."""

    lead: tuple[figures.Part, ...]
    groups: tuple[FormGroup, ...]
    sheets: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One item: `choices` to tick, or a line to write on with its `unit`; `told` where nothing is asked."""

    label: str
    hint: str
    choices: tuple[str, ...]
    unit: str
    told: str
    when: str
    is_required: bool
    by: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a form."""

    title: str
    when: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form. `about` are pairs of word and value; `versions` the others that are kept."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    note: str
    about: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    versions: tuple[tuple[str, str], ...]


def list_page(catalogue: Catalogue, vocabulary: Vocabulary, may_use: Callable[[Form], bool]) -> ListPage:
    """The newest version of every form that the visitor may use, in the order of the work."""
    titles = group_titles()
    forms = [form for form in catalogue.current if may_use(form)]
    groups = (
        FormGroup(titles[group], tuple(_line(form, vocabulary) for form in forms if form.group == group))
        for group in titles
    )
    count = ngettext("**%(n)s formulir**", "**%(n)s formulir**", len(forms)) % {"n": words.number(len(forms))}
    said = _("%(count)s. Cocokkan dengan formulir resmi sebelum dipakai.") % {"count": count}
    sheets = tuple(map(_sheet_line, catalogue.reports.values()))
    return ListPage(figures.sentence(said), tuple(group for group in groups if group.lines), sheets)


def _sheet_line(report: Report) -> SheetLine:
    every = _("Setiap bulan") if report.every == MONTH else _("Setiap minggu")
    return SheetLine(
        report.title, reverse("desk:sheet", args=[report.name]), every, words.number(len(report.columns))
    )


def group_titles() -> dict[str, str]:
    """The folders of forms in the order of the work."""
    return {
        "posyandu": _("Hari buka posyandu"),
        "kunjungan_rumah": _("Kunjungan rumah"),
        "dalam_gedung": _("Di Pustu dan Puskesmas"),
        "sekolah": _("Di sekolah"),
        "register": _("Pendaftaran, kelahiran, kematian, pindah"),
    }


def form_page(form: Form, versions: Sequence[Form], vocabulary: Vocabulary) -> FormPage:
    """One version of a form."""
    shown = Shown(form, vocabulary)
    head = shown.head()
    about = (
        (_("Untuk"), head["untuk"]),
        (_("Di mana"), head["di"]),
        (_("Siapa yang mengisi"), head["oleh"]),
        (_("Versi"), _version(form)),
        (_("Sumber"), head["sumber"]),
    )
    others = (
        (_version(each), f"{address(each)}?versi={each.version}") for each in versions if each is not form
    )
    crumbs = ((_("Formulir"), reverse("desk:forms")), (form.title, ""))
    parts = tuple(_part(shown, section) for section in form.sections)
    return FormPage(form.title, crumbs, form.note, about, parts, tuple(others))


def address(form: Form) -> str:
    """The page of a form."""
    return reverse("desk:form", args=[form.name])


def _line(form: Form, vocabulary: Vocabulary) -> FormLine:
    head = Shown(form, vocabulary).head()
    count = words.number(len(form.questions))
    return FormLine(form.title, address(form), head["untuk"], head["di"], head["oleh"], _version(form), count)


def _version(form: Form) -> str:
    day = form.since.strftime("%d/%m/%Y")
    return _("%(number)s, sejak %(day)s") % {"number": form.version, "day": day}


def _part(shown: Shown, section: Section) -> Part:
    rows = tuple(_row(shown, section, item) for item in section.items)
    return Part(section.title, shown.condition(section.show), section.note, rows)


def _row(shown: Shown, section: Section, item: Item) -> Row:
    told = shown.row(section, item)
    is_asked = item.how in (ASK, TICK)
    return Row(
        label=item.label,
        hint=item.hint,
        choices=tuple(shown.options(item)) if is_asked else (),
        unit=item.field.unit,
        told="" if is_asked else _("diisi Siklus"),
        when=shown.condition(item.show),
        is_required=item.is_required,
        by=", ".join(filter(None, (told["oleh"], told["di"]))),
    )
