"""Uji aturan: what came out of a small life against what should, and the list of the district's kept cases."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from siklus.care.queries import Event
from siklus.desk import figures, statuses, words
from siklus.desk.pages import reasons
from siklus.desk.pages.inputs import Input, Mistake
from siklus.desk.pages.life import Line, lines_of
from siklus.desk.pages.trial_inputs import RecordBlock
from siklus.kernel import dates
from siklus.library.expected import Expected, Verdict
from siklus.library.installed import Installed
from siklus.rules.book import Need
from siklus.rules.life import Life
from siklus.rules.shown import shown
from siklus.rules.vocabulary import Vocabulary
from siklus.trials.queries import Kept

_HASH_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: right or not, in which way not, and the need as the person page shows it."""

    is_right: bool | None
    title: str
    differences: tuple[str, ...]
    card: reasons.Card


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """Everything the form shows."""

    title: str
    need: str
    need_title: str
    crumbs: Sequence[tuple[str, str]]
    written: str
    mistakes: tuple[Mistake, ...]
    result: Result | None
    on: Input
    facts: tuple[Input, ...]
    other_facts: tuple[Input, ...]
    facts_open: bool
    records: tuple[RecordBlock, ...]
    kinds: figures.Choice
    expectation: tuple[Input, ...]
    case_title: Input
    examples: tuple[figures.Option, ...]
    save: str
    save_new: str
    drop: str
    printed_facts: tuple[tuple[str, str], ...]
    printed_life: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in the list of all."""

    href: str
    title: str
    need: str
    word: str
    chip: str
    expected: str
    came: str
    came_said: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """The list of all kept cases, run by the book that serves."""

    lead: tuple[figures.Part, ...]
    lines: tuple[CaseLine, ...]
    book: tuple[tuple[str, str], ...]


def result_of(
    verdict: Verdict, expected: Expected | None, need: Need, vocabulary: Vocabulary, birth: int | None, *,
    rule: tuple[tuple[str, str], ...],
) -> Result:  # fmt: skip
    """The answer as the person page shows it. English readers get the plain reason, for the rule speaks Indonesian."""
    told = verdict.reason if words.is_indonesian() or verdict.answer is None else ""
    if verdict.answer is None:
        card = reasons.Card(
            verdict.status, reasons.title_of(need), "", figures.sentence(told), (), (), need.cites,
            reasons.confidence_words(need.confidence), rule,
        )  # fmt: skip
    else:
        card = reasons.card_of(verdict.answer, need, vocabulary, birth=birth, told=told, rule=rule)
    if expected is None:
        return Result(None, _("Yang keluar"), (), card)
    title = _("Sesuai harapan") if verdict.is_right else _("Tidak sesuai harapan")
    return Result(verdict.is_right, title, tuple(_differences(verdict)), card)


def printed_facts(life: Life, vocabulary: Vocabulary, on: int) -> tuple[tuple[str, str], ...]:
    """What is known of the person, for paper."""
    known = (
        (spec.label, shown(vocabulary, spec.type, life.person[name], spec.unit))
        for name, spec in vocabulary.person.items()
        if life.person.get(name) is not None
    )
    died = life.person.get("died")
    return (
        (_("Keadaan pada tanggal"), words.day(on)),
        *known,
        *(((_("Meninggal pada"), words.day(died)),) if died is not None else ()),
    )


def printed_life(life: Life, vocabulary: Vocabulary, needs: Mapping[str, Need], on: int) -> tuple[Line, ...]:
    """The records as a line of life, for paper."""
    events = [
        Event(
            key=record["id"], kind=record["kind"], on=record["date"], by_role=record["oleh"] or "",
            data={name: one for name, one in record.items() if name not in ("kind", "id") and one is not None},
            place_kind=record["tempat"] or "", facility_code="", author_name="", created_at=timezone.now(),
            is_void=False,
        )
        for record in sorted(life.records, key=lambda each: (each["date"], each["id"]), reverse=True)
    ]  # fmt: skip
    titles = {name: reasons.title_of(need) for name, need in needs.items()}
    return lines_of(events, vocabulary, needs=titles, person=life.person, today=on, for_kader=False)


def cases_page(
    judged: Sequence[tuple[Kept, Verdict]],
    needs: Mapping[str, Need],
    hrefs: Mapping[int, str],
    installed: Installed,
    book: str,
    choices: Iterable[tuple[str, str]],
) -> CasesPage:
    """The list of all cases with what came out."""
    wrong = sum(not verdict.is_right for _kept, verdict in judged)
    if not judged:
        lead = _("Belum ada kasus yang disimpan.")
    elif wrong:
        said = _("**%(all)s kasus** dijalankan: %(right)s sesuai, **%(wrong)s tidak sesuai**.")
        numbers = {"all": len(judged), "right": len(judged) - wrong, "wrong": wrong}
        lead = said % {name: words.number(count) for name, count in numbers.items()}
    else:
        lead = _("**%(all)s kasus** dijalankan, semuanya sesuai.") % {"all": words.number(len(judged))}
    return CasesPage(
        lead=figures.sentence(lead),
        lines=tuple(_case_line(kept, verdict, needs, hrefs[kept.id]) for kept, verdict in judged),
        book=tuple(_book_lines(installed, book, choices)),
    )


def written_words(kept: Kept) -> str:
    """Who wrote a case and when, and who changed it last."""
    said = _("%(name)s, %(day)s") % {"name": kept.author_name or "?", "day": _moment(kept.created_at)}
    if kept.changed_at is not None:
        changed = {"name": kept.changed_by_name or "?", "day": _moment(kept.changed_at)}
        said += " · " + _("diubah %(name)s, %(day)s") % changed
    return said


def _case_line(kept: Kept, verdict: Verdict, needs: Mapping[str, Need], href: str) -> CaseLine:
    need, expected = needs.get(kept.expected.need), kept.expected
    days = [
        f"{word} {words.day(day)}"
        for word, day in ((_("waktunya"), expected.due), (_("terlambat"), expected.overdue))
        if day is not None
    ]
    if verdict.problems:
        chip, word = "unknown", _("Tidak terbaca")
        said = "; ".join(problem.found for problem in verdict.problems)
    else:
        chip, word = ("done", _("Sesuai")) if verdict.is_right else ("overdue", _("Tidak sesuai"))
        said = "; ".join(_differences(verdict))
    return CaseLine(
        href=href, title=kept.title, need=kept.expected.need if need is None else reasons.title_of(need),
        word=word, chip=chip, expected=" · ".join([str(statuses.WORDS[expected.status]), *days]),
        came=verdict.status, came_said=said, written=written_words(kept),
    )  # fmt: skip


def _differences(verdict: Verdict) -> Iterable[str]:
    slots = {"status": _("status"), "due": _("waktunya sejak"), "overdue": _("terlambat sejak")}
    for each in verdict.differences:
        said = _("%(slot)s: diharapkan %(expected)s, keluar %(came)s")
        yield said % {"slot": slots[each.slot], "expected": _said(each.expected), "came": _said(each.came)}


def _said(value: str | int | None) -> str:
    if value is None:
        return _("tidak ada")
    return str(statuses.WORDS[value]) if isinstance(value, str) else words.day(value)


def _book_lines(
    installed: Installed, book: str, choices: Iterable[tuple[str, str]]
) -> Iterable[tuple[str, str]]:
    yield _("Berlaku"), book[:_HASH_SHOWN]
    if installed.coming is not None:
        yield _("Sedang disiapkan"), installed.coming.hash[:_HASH_SHOWN]
    if installed.former is not None:
        yield _("Sebelumnya"), installed.former.hash[:_HASH_SHOWN]
    chosen = ", ".join(f"{name} = {variant}" for name, variant in choices)
    yield _("Pilihan daerah"), chosen or _("seperti bawaan")


def _moment(moment: datetime.datetime) -> str:
    return words.day(dates.day_of(timezone.localtime(moment).date()))
