"""The answer to "siapa berhak apa" as lines for a terminal and as JSON: the groups, words and days of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.library.education import Education
from siklus.library.loading import Book
from siklus.library.persona.owed import SHOWN, Group, Owed, Owing
from siklus.library.persona.said import Reading
from siklus.library.sources import CONFIDENCE
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.shown import shown_day
from siklus.rules.telling import performers, reached

TITLES = {
    Group.NOW: "Sekarang",
    Group.CATCH_UP: "Kejar bila belum diberikan",
    Group.SOON: "Berikutnya",
    Group.DEPENDS: "Bergantung pada yang belum disebut",
    Group.WAITS: "Menyusul sesudah layanan sebelumnya",
    Group.LATER: "Kelak",
    Group.PAST: "Sudah lewat, tidak dikejar lagi",
    Group.DONE: "Sudah",
    Group.NOT_FOR: "Tidak untuk orang ini",
}
FEW = 8
"""Needs that hang on something not said are told one by one up to here; more of them in a paragraph a condition."""
NOT_ABOUT_WHAT_WAS_SAID = "Layanan lain bagi siapa pun, menurut umurnya dan yang lain:"
_DAYS = ("opens", "due", "overdue", "until")
NO_AGE = "Umurnya belum disebut. Tulis umur atau kelompoknya, lalu tanyakan lagi."
NO_RECORDS = "Yang sudah diterima tidak diketahui dari kalimat ini: lewati yang sudah tercatat di bukunya."


def lines_of(owing: Owing, book: Book, education: Education, *, is_whole: bool = False) -> Iterator[str]:
    """The whole answer; with `is_whole` also what is later, past, and not for this person."""
    reading = owing.reading
    yield f"{reading.text} (per {shown_day(reading.on)})"
    yield from _head(reading)
    if reading.needs_age:
        yield NO_AGE
        return
    yield NO_RECORDS
    for group in TITLES:
        needs = owing.of(group)
        if not needs or (group not in SHOWN and not is_whole):
            continue
        yield ""
        yield f"{TITLES[group].upper()} ({len(needs)})"
        if group is Group.DEPENDS and len(needs) > FEW:
            yield from _hanging(owing)
            continue
        for each in needs:
            yield from _need(each, book, education)
    if owing.of(Group.WAITS) and not is_whole:
        yield ""
        waiting = ", ".join(each.need.title for each in owing.of(Group.WAITS))
        yield f"{TITLES[Group.WAITS]}: {waiting}."
    if owing.watch:
        yield ""
        yield "KE PUSKESMAS SEKARANG JUGA BILA"
        for watch in owing.watch:
            yield from (f"  - {watch.table.title}: {said}" for said in watch.results)
    if owing.unsaid:
        yield ""
        yield "BELUM DISEBUT, padahal menentukan"
        for fact in owing.unsaid:
            yield f"  - {fact.ask or fact.label} ({fact.needs} layanan)"
    if owing.also:
        yield ""
        yield f"Bila juga: {', '.join(word.opens for word in owing.also)}."


def as_json(owing: Owing, book: Book, education: Education, *, is_whole: bool = False) -> dict[str, Any]:
    """Everything that is known of the answer; days as ISO text, null where there is none."""
    reading = owing.reading
    groups = [group for group in TITLES if is_whole or group in (*SHOWN, Group.WAITS)]
    return {
        "text": reading.text,
        "on": iso(reading.on),
        "rulebook": book.hash,
        "understood": [
            {"text": one.text, "means": one.means, "assumes": one.word.assumes if one.word else ""}
            for one in reading.said
        ],
        "not_understood": [{"text": one.text, "guess": one.guess} for one in reading.strange],
        "remarks": [str(remark) for remark in reading.remarks],
        "needs_age": reading.needs_age,
        "asks": [word.since.ask for word in reading.waiting if word.since is not None],
        "case": reading.case,
        "groups": {
            group.value: [_as_json(each, book, education) for each in owing.of(group)] for group in groups
        },
        "watch": [{"what": each.table.title, "results": list(each.results)} for each in owing.watch],
        "unsaid": [
            {"fact": each.label, "ask": each.ask, "needs": each.needs, "add": [w.opens for w in each.add]}
            for each in owing.unsaid
        ],
        "also": [word.opens for word in owing.also],
    }


def where_and_who(each: Owed, book: Book) -> Sequence[str]:
    """ "Posyandu: bidan atau perawat", one for each place."""
    return list(performers(each.need, book.vocabulary))


def _head(reading: Reading) -> Iterator[str]:
    for one in reading.said:
        yield f"  dibaca: {one.text} = {one.means}"
        if one.word is not None and one.word.assumes and not one.is_denied:
            yield f"          {one.word.assumes}"
    for strange in reading.strange:
        guess = f" Maksudnya «{strange.guess}»?" if strange.guess else ""
        yield f"  TIDAK DIPAHAMI: «{strange.text}».{guess}"
    for remark in reading.remarks:
        yield f"  perhatian: {remark}"
    for word in reading.waiting:
        if word.since is not None:
            yield f"  belum disebut: {word.since.ask} Misalnya «{word.since.like}»."


def _hanging(owing: Owing) -> Iterator[str]:
    """One paragraph a condition: what was said first, then what hangs on the rest."""
    is_said = True
    for each in owing.hanging():
        if is_said and not each.is_said:
            is_said = False
            yield f"  {NOT_ABOUT_WHAT_WAS_SAID}"
        yield f"  - Bila {each.when}: {', '.join(need.title for need in each.needs)}."


def _need(each: Owed, book: Book, education: Education) -> Iterator[str]:
    status = "" if each.answer is None else f" [{STATUS_WORDS[each.answer.status]}]"
    yield f"  {each.need.title}{status}"
    if each.when:
        yield f"      Bila {each.when}."
    elif each.reason:
        yield f"      {each.reason}"
    if each.group in (Group.NOT_FOR, Group.PAST, Group.DONE):
        return
    if not each.need.is_sought:
        yield f"      Dijangkau: {reached(each.need)}"
    yield f"      Di mana, oleh siapa: {'; '.join(where_and_who(each, book))}"
    yield f"      Sumber: {each.need.cites} ({CONFIDENCE[each.need.confidence][0]})"
    lesson = education.of(each.need.name)
    if lesson is not None:
        yield f"      Kepada keluarga: {lesson.message}"


def _as_json(each: Owed, book: Book, education: Education) -> dict[str, Any]:
    answer, lesson = each.answer, education.of(each.need.name)
    days = {name: None if answer is None else getattr(answer, name) for name in _DAYS}
    return {
        "need": each.need.name,
        "title": each.need.title,
        "package": each.need.package.name,
        "status": "not_applicable" if answer is None else answer.status,
        **{name: None if day is None or day >= NEVER else iso(day) for name, day in days.items()},
        "when": each.when,
        "reason": each.reason,
        "by": list(where_and_who(each, book)),
        "reach": each.need.reach,
        "cites": each.need.cites,
        "confidence": each.need.confidence,
        "message": lesson.message if lesson else "",
        "missing": [] if answer is None else list(answer.asks),
    }
