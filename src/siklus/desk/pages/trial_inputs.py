"""The fields in which a small life is typed: facts, records and what should come out, each with its words and problem.

They come from the vocabulary; of a record what the chosen rule reads stands first, and the rest folds away.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, statuses
from siklus.desk import trial_form as form
from siklus.desk.pages import reasons
from siklus.desk.pages.inputs import Input, Mistake, day_input, field_input, label_of
from siklus.desk.trial_form import Typed
from siklus.rules.book import Need
from siklus.rules.vocabulary import PERSON, Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """One record of the life: the fields the rule reads, and the others."""

    title: str
    kind_name: str
    kind: str
    remove: str
    inputs: tuple[Input, ...]
    others: tuple[Input, ...]
    is_open: bool


def need_choice(needs: Iterable[Need], chosen: str) -> figures.Choice:
    """All needs by package."""
    by_package: dict[str, list[figures.Option]] = {}
    for need in needs:
        option = figures.Option(need.name, reasons.title_of(need), need.name == chosen)
        by_package.setdefault(need.package.title, []).append(option)
    groups = tuple(figures.OptionGroup(title, tuple(options)) for title, options in by_package.items())
    return figures.Choice(form.NEED, _("Kebutuhan"), groups)


def on_input(typed: Typed, problems: Mapping[str, str]) -> Input:
    """The day of the question."""
    return day_input(form.ON, _("Keadaan pada tanggal"), typed.on, problems)


def fact_inputs(
    typed: Typed, vocabulary: Vocabulary, read: Container[str], problems: Mapping[str, str]
) -> tuple[tuple[Input, ...], tuple[Input, ...]]:
    """Every fact of a person a rule may speak of: those this rule reads, and the others with the day of death."""
    decisive: list[Input] = []
    others: list[Input] = []
    for name, spec in vocabulary.person.items():
        one = field_input(form.fact_name(name), spec, typed.facts.get(name, ""), vocabulary, problems, ())
        (decisive if name in read else others).append(one)
    died = form.fact_name(form.DIED)
    others.append(day_input(died, _("Meninggal pada"), typed.facts.get(form.DIED, ""), problems))
    return tuple(decisive), tuple(others)


def record_blocks(
    typed: Typed,
    vocabulary: Vocabulary,
    read: Mapping[str, Iterable[str]],
    needs: Sequence[Need],
    problems: Mapping[str, str],
    *,
    newest_is_new: bool,
) -> tuple[RecordBlock, ...]:
    """The records in the order in which they were typed; `read` says which fields of which kind decide."""
    blocks = []
    for place, record in enumerate(typed.records):
        kind = vocabulary.kinds[record.kind]
        decisive = set(read.get(kind.name, ()))
        first: list[Input] = []
        others: list[Input] = []
        named = _openings(typed, kind, vocabulary)
        for spec in form.shown_fields(kind):
            name = form.record_name(place, spec.name)
            one = field_input(
                name, spec, record.values.get(spec.name, ""), vocabulary, problems, needs, named
            )
            (first if spec.name in decisive or not spec.nullable else others).append(one)
        day = day_input(
            form.record_name(place, form.DAY), _("Tanggal"), record.values.get(form.DAY, ""), problems,
            is_first=newest_is_new and place == len(typed.records) - 1,
        )  # fmt: skip
        is_open = any_filled(others)
        title = f"{place + 1}. {kind.title}"
        blocks.append(
            RecordBlock(
                title, form.record_name(place, form.KIND), kind.name, f"hapus-{place}", (day, *first), tuple(others),
                is_open,
            )
        )  # fmt: skip
    return tuple(blocks)


def any_filled(inputs: Iterable[Input]) -> bool:
    """True when something stands in one of them, or is wrong with it: then they are not folded away."""
    return any(one.value or one.error for one in inputs)


def _openings(typed: Typed, kind: Kind, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The records of the form that may open what one of this kind belongs to, by their place."""
    episode = vocabulary.episodes.get(kind.episode or "")
    kinds = {opener.kind for opener in episode.openers} if episode else set()
    return [
        (
            f"{place}",
            _("Catatan %(n)s (%(kind)s)") % {"n": place, "kind": vocabulary.kinds[record.kind].title},
        )
        for place, record in enumerate(typed.records, 1)
        if record.kind in kinds
    ]


def kind_choice(vocabulary: Vocabulary, read: Iterable[str]) -> figures.Choice:
    """Kinds of record to add: those the rule reads first."""
    decisive = set(read)
    kinds = [kind for kind in vocabulary.kinds.values() if kind.of == PERSON and not kind.register]
    groups = [
        figures.OptionGroup(
            heading,
            tuple(
                figures.Option(kind.name, kind.title)
                for kind in sorted(kinds, key=lambda kind: kind.title.casefold())
                if (kind.name in decisive) is is_read
            ),
        )
        for heading, is_read in ((_("Dibaca aturan ini"), True), (_("Catatan lain"), False))
    ]
    return figures.Choice("jenis_baru", _("Jenis catatan"), tuple(group for group in groups if group.options))


def expectation_inputs(typed: Typed, problems: Mapping[str, str]) -> tuple[Input, ...]:
    """The status that should come out, and the days where they matter."""
    options = [figures.Option("", _("(pilih)"), not typed.status)]
    options += [figures.Option(name, str(word), name == typed.status) for name, word in _told_statuses()]
    maybe = _("boleh kosong")
    status = Input(
        name=form.STATUS, label=_("Status"), value=typed.status, error=problems.get(form.STATUS, ""),
        options=(figures.OptionGroup("", tuple(options)),),
    )  # fmt: skip
    return (
        status,
        day_input(form.DUE, _("Waktunya sejak"), typed.due, problems, hint=maybe),
        day_input(form.OVERDUE, _("Terlambat sejak"), typed.overdue, problems, hint=maybe),
    )


def title_input(typed: Typed, problems: Mapping[str, str]) -> Input:
    """What the case shows, in a few words."""
    return Input(
        name=form.TITLE, label=_("Nama kasus"), value=typed.title, error=problems.get(form.TITLE, ""),
        hint=_("misalnya: lahir di rumah, belum MR1. Jangan tulis nama orang"),
    )  # fmt: skip


def mistakes_of(problems: Mapping[str, str], typed: Typed, vocabulary: Vocabulary) -> tuple[Mistake, ...]:
    """Every field that could not be read, by its words."""
    return tuple(
        Mistake(f"#f-{name}", f"{_field_words(name, said, typed, vocabulary)}: {said}")
        for name, said in problems.items()
    )


def _field_words(name: str, said: str, typed: Typed, vocabulary: Vocabulary) -> str:
    own = {
        form.ON: _("Keadaan pada tanggal"), form.STATUS: _("Status"), form.DUE: _("Waktunya sejak"),
        form.OVERDUE: _("Terlambat sejak"), form.TITLE: _("Nama kasus"), form.NEED: _("Kebutuhan"),
    }  # fmt: skip
    if name in own:
        return own[name]
    of, _dash, rest = name.partition("-")
    if of == form.FACT:
        return vocabulary.person[rest].label if rest in vocabulary.person else _("Meninggal pada")
    place, _dash, part = rest.partition("-")
    kind = vocabulary.kinds[typed.records[int(place)].kind]
    label = _("Tanggal") if part == form.DAY or part not in kind.fields else label_of(kind.fields[part])
    record = _("Catatan %(n)s (%(kind)s)") % {"n": int(place) + 1, "kind": kind.title}
    # The reader of records begins with the field itself where that helps: not said twice.
    return record if said.startswith(label) else f"{record}, {label}"


def _told_statuses() -> Iterable[tuple[str, object]]:
    return ((name, word) for name, word in statuses.WORDS.items() if name != "danger")
