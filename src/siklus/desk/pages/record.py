"""The page on which one record is written, put right or taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.desk import record_form as form
from siklus.desk.pages.inputs import Input, Mistake, day_input, field_input, label_of
from siklus.desk.record_form import Typed
from siklus.kernel.ids import format_record_id
from siklus.library.forms.filling import SHEET
from siklus.records.drafts import StoredRecord
from siklus.rules.book import Need
from siklus.rules.vocabulary import PERSON, Kind, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """Everything the page shows. `why` is there for a record that was kept before."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    who: str
    kind: str
    mistakes: tuple[Mistake, ...]
    inputs: tuple[Input, ...]
    why: Input | None
    save: str
    back: str


def kind_choice(vocabulary: Vocabulary, may_write: Callable[[str], bool]) -> figures.Choice:
    """What this user can write of a person; the register has its own ways."""
    kinds = [kind for kind in vocabulary.kinds.values() if may_be_new(kind) and may_write(kind.name)]
    options = (figures.Option(kind.name, kind.title) for kind in sorted(kinds, key=_title))
    return figures.Choice(form.KIND, _("Jenis catatan"), (figures.OptionGroup("", tuple(options)),))


def may_be_new(kind: Kind) -> bool:
    """Services and what was found; who lives where is the register's, and a form's sheet is written by the form."""
    return kind.of == PERSON and not kind.register and kind.name != SHEET


def record_page(
    kind: Kind,
    typed: Typed,
    vocabulary: Vocabulary,
    needs: Sequence[Need],
    problems: Mapping[str, str],
    *,
    who: str,
    crumbs: Sequence[tuple[str, str]],
    back: str,
    is_new: bool,
    openings: Sequence[StoredRecord] = (),
) -> RecordPage:
    """The page with all that was typed, and what is wrong with it. `openings` may be named as what it belongs to."""
    named = [
        (format_record_id(each.id), f"{vocabulary.kinds[each.kind].title}, {words.day(each.on)}")
        for each in openings
    ]
    day = day_input(form.DAY, _("Tanggal"), typed.values.get(form.DAY, ""), problems, is_first=True)
    inputs = [
        field_input(spec.name, spec, typed.values.get(spec.name, ""), vocabulary, problems, needs, named)
        for spec in form.fields_of(kind)
    ]
    why = Input(
        name=form.WHY, label=_("Alasan"), value=typed.why, error=problems.get(form.WHY, ""),
        hint=_("misalnya: salah ketik, salah orang"),
    )  # fmt: skip
    title = _("Catat: %(kind)s") if is_new else _("Perbaiki: %(kind)s")
    return RecordPage(
        title=title % {"kind": kind.title},
        crumbs=crumbs,
        who=who,
        kind=kind.name,
        mistakes=tuple(_mistakes(problems, kind)),
        inputs=(day, *inputs),
        why=None if is_new else why,
        save=_("Simpan") if is_new else _("Simpan perbaikan"),
        back=back,
    )


def _mistakes(problems: Mapping[str, str], kind: Kind) -> Iterable[Mistake]:
    labels = {form.DAY: _("Tanggal"), form.WHY: _("Alasan")}
    labels |= {spec.name: label_of(spec) for spec in form.fields_of(kind)}
    for name, said in problems.items():
        label = labels.get(name, "")
        href = f"#f-{name}" if label else f"#f-{form.DAY}"
        yield Mistake(href, said if not label or said.startswith(label) else f"{label}: {said}")


def _title(kind: Kind) -> str:
    return kind.title.casefold()
