"""Fields to type into, as the vocabulary has them: a menu where it lists the answers, else a line of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, typed
from siklus.desk.pages import reasons
from siklus.rules.book import Need
from siklus.rules.fields import RECORD
from siklus.rules.vocabulary import Field, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field: a menu when it has options, else a line of text. `error` is shown beside it, the text is kept."""

    name: str
    label: str
    value: str
    options: tuple[figures.OptionGroup, ...] = ()
    hint: str = ""
    error: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the summary of what could not be read, with the field it is about."""

    href: str
    said: str


def field_input(
    name: str,
    spec: Field,
    value: str,
    vocabulary: Vocabulary,
    problems: Mapping[str, str],
    needs: Sequence[Need],
    records: Sequence[tuple[str, str]] = (),
) -> Input:
    """The field of a fact or of a record; `needs` and `records` are the options of a field that names one of those."""
    if spec.type == "date":
        return day_input(name, label_of(spec), value, problems)
    options: list[tuple[str, str]] = []
    if spec.codes is not None:
        options = [(code.name, code.label or code.name) for code in vocabulary.codes[spec.codes].values()]
    elif spec.type == "bool":
        options = [(typed.YES, _("Ya")), (typed.NO, _("Tidak"))]
    elif spec.type == "need":
        options = [(need.name, reasons.title_of(need)) for need in needs]
    elif spec.type == RECORD:
        # A name that leads nowhere any more is kept until somebody chooses another.
        lost = value and value not in dict(records)
        options = [*records, *([(value, value)] if lost else [])]
    groups: tuple[figures.OptionGroup, ...] = ()
    if options or spec.type == RECORD:
        none = _("(menurut tanggal)") if spec.type == RECORD else _("(tidak diketahui)")
        blank = figures.Option("", none, not value)
        listed = (figures.Option(one, word, one == value) for one, word in options)
        groups = (figures.OptionGroup("", (blank, *listed)),)
    return Input(
        name=name,
        label=label_of(spec),
        value=value,
        options=groups,
        hint=spec.unit,
        error=problems.get(name, ""),
    )


def day_input(
    name: str, label: str, value: str, problems: Mapping[str, str], *, hint: str = "", is_first: bool = False
) -> Input:
    """A day, with the shape it is typed in."""
    shape = _("hh/bb/tttt")
    hint = f"{shape}, {hint}" if hint else shape
    return Input(
        name=name, label=label, value=value, hint=hint, error=problems.get(name, ""), is_first=is_first
    )


def label_of(spec: Field) -> str:
    """The words of a field; role and place have none of their own."""
    return spec.label or {"oleh": _("Oleh"), "tempat": _("Tempat")}.get(spec.name, spec.name)
