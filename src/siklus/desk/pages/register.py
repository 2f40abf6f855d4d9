"""Registering somebody at the desk: which forms there are, the form itself, and who may be registered already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, sheet_form, words
from siklus.desk.pages.inputs import Input, Mistake
from siklus.desk.pages.search import address_words
from siklus.desk.registering import FAMILY, POSYANDU, VILLAGE, Known, family_words
from siklus.desk.sheet_form import Sheet
from siklus.library.forms.model import Item, Section
from siklus.rules.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one section."""

    title: str
    note: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The form, or a part of it. `kept` are answers that are not shown now."""

    title: str
    said: str
    groups: tuple[Group, ...]
    mistakes: tuple[Mistake, ...]
    kept: tuple[tuple[str, str], ...]
    save: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """Somebody in scope, or a family, who may be meant."""

    name: str
    href: str
    said: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """Who may be registered already; `typed` is what was typed, `kept` the answers to go on with."""

    title: str
    lines: tuple[KnownLine, ...]
    is_elsewhere: bool
    is_family: bool
    typed: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]


def register_page(
    sheet: Sheet,
    sections: Sequence[Section],
    problems: Mapping[str, str],
    vocabulary: Vocabulary,
    *,
    said: str,
    is_last: bool,
    begin: int = 0,
) -> RegisterPage:
    """These sections of the form with what was typed and what is wrong with it.

    The eye and the keyboard go to what is wrong, else to the section `begin`, the first that was not shown before.
    """
    asked = {item.id: item for item in sheet.items}
    begins = (item.id for section in sections[begin:] for item in section.items if item.id in asked)
    first = next((name for name in problems if name in asked), next(begins, ""))
    groups = []
    for section in sections:
        items = [item for item in section.items if item.id in asked]
        if items:
            inputs = (_input(item, sheet, problems, vocabulary, is_first=item.id == first) for item in items)
            groups.append(Group(section.title, section.note, tuple(inputs)))
    shown = {one.name for group in groups for one in group.inputs}
    return RegisterPage(
        title=sheet.form.title,
        said=said,
        groups=tuple(groups),
        mistakes=tuple(_mistake(name, text, asked, first) for name, text in problems.items()),
        kept=tuple((name, text) for name, text in sheet.texts.items() if text and name not in shown),
        save=_("Daftarkan") if is_last else _("Lanjut"),
    )


def known_page(
    sheet: Sheet, known: Sequence[Known], hrefs: Mapping[int, str], vocabulary: Vocabulary, *, is_family: bool,
    today: int,
) -> KnownPage:  # fmt: skip
    """Who may be meant, and what was typed, to compare."""
    typed = []
    for item in sheet.items:
        if item.id in sheet.filled.answers:
            options = dict(sheet_form.options_of(item, sheet.around, vocabulary))
            text = sheet.texts[item.id]
            typed.append(
                (item.label, words.nik_masked(text) if item.field.identifier else options.get(text, text))
            )
    return KnownPage(
        title=_("Mungkin sudah terdaftar"),
        lines=tuple(_known_line(each, hrefs[each.keys[0]], today) for each in known if not each.is_elsewhere),
        is_elsewhere=any(each.is_elsewhere for each in known),
        is_family=is_family,
        typed=tuple(typed),
        kept=tuple((name, text) for name, text in sheet.texts.items() if text),
    )


def _known_line(known: Known, href: str, today: int) -> KnownLine:
    if known.family is not None:
        home = known.family
        said = ", ".join(part for part in (home.alamat, address_words(home.rt, "")) if part)
        name = _("Keluarga %(head)s") % {"head": family_words(home)}
        return KnownLine(name=name, href=href, said=said, reasons=_("No. KK sama"))
    person = known.person
    assert person is not None
    parts = (
        _("lahir %(day)s") % {"day": words.day(person.birth)} if person.birth is not None else "",
        words.age(person.birth, person.died if person.died is not None else today),
        _("ibu %(name)s") % {"name": person.mother_name} if person.mother_name else "",
        address_words(person.rt, person.desa_name),
        person.posyandu_name,
        _("meninggal") if person.died is not None else _("pindah") if person.left is not None else "",
    )
    said = " · ".join(part for part in parts if part)
    return KnownLine(name=person.name, href=href, said=said, reasons=", ".join(known.says))


def _input(
    item: Item, sheet: Sheet, problems: Mapping[str, str], vocabulary: Vocabulary, *, is_first: bool
) -> Input:
    value = sheet.texts.get(item.id, "")
    options = sheet_form.options_of(item, sheet.around, vocabulary)
    groups: tuple[figures.OptionGroup, ...] = ()
    if options:
        is_led = item.field.name in (VILLAGE, POSYANDU) and FAMILY in sheet.around.menus
        blank = figures.Option("", _("(menurut keluarga)") if is_led else _("(tidak diketahui)"), not value)
        listed = (figures.Option(one, word, one == value) for one, word in options)
        groups = (figures.OptionGroup("", (blank, *listed)),)
    shape = _("hh/bb/tttt") if item.field.type == "date" else ""
    needed = _("wajib") if item.is_required else ""
    by_number = _("nomor kartu atau nomor di Siklus") if item.field.name in sheet.around.finders else ""
    hints = (needed, shape, item.field.unit, by_number, item.hint)
    return Input(
        name=item.id,
        label=item.label,
        value=value,
        options=groups,
        hint=" · ".join(hint for hint in hints if hint),
        error=problems.get(item.id, ""),
        is_first=is_first,
    )


def _mistake(name: str, said: str, asked: Mapping[str, Item], first: str) -> Mistake:
    item = asked.get(name)
    if item is None:
        return Mistake(f"#f-{first}", said)
    return Mistake(f"#f-{name}", said if said.startswith(item.label) else f"{item.label}: {said}")
