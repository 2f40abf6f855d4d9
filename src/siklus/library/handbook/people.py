"""The page that begins with a person: a dozen typical people, and what each is owed, where and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from siklus.library.handbook.markdown import page, plain, table
from siklus.library.handbook.packages import Material
from siklus.library.persona.owed import Group, Owed, Owing, who_is_owed
from siklus.library.persona.reading import read_phrase
from siklus.library.persona.telling import TITLES, where_and_who
from siklus.library.persona.words import Persona
from siklus.library.sources import CONFIDENCE
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.shown import shown_day

PEOPLE = "siapa_berhak"
_SHOWN = (Group.NOW, Group.CATCH_UP, Group.SOON, Group.DEPENDS)


def people_page(material: Material, persona: Persona) -> str:
    """The whole page, on the day the file names, so that the same knowledge gives the same text."""
    return page(_page(material, persona))


def _page(material: Material, persona: Persona) -> Iterator[str]:
    on = persona.handbook_on
    yield "<!-- Dibuat oleh `siklus rules handbook` dari knowledge/. Ubahlah pengetahuannya, bukan halaman ini. -->"
    yield "# Siapa berhak apa"
    yield ""
    yield "[Buku pegangan](README.md) · mulai dari orangnya"
    yield ""
    yield (
        f"Dihitung per {shown_day(on)}, seolah-olah belum ada satu pun layanan yang tercatat: "
        "yang sudah diterima, lewati. "
        f'Orang lain, hari lain: `siklus rules who-is-owed "{persona.like}"`, '
        "atau halaman *Siapa berhak apa* di meja."
    )
    yield ""
    answers = [
        (one, who_is_owed(material.book, persona, read_phrase(one.say, persona, on)))
        for one in persona.typical
    ]
    for place, (one, _owing) in enumerate(answers, 1):
        yield f"{place}. [{plain(_capital(one.say))}](#orang-{place})"
    yield ""
    for place, (one, owing) in enumerate(answers, 1):
        yield f'<a id="orang-{place}"></a>'
        yield ""
        yield f"## {plain(_capital(one.say))}"
        yield ""
        yield from _answer(material, owing)


def _answer(material: Material, owing: Owing) -> Iterator[str]:
    read = "; ".join(one.means for one in owing.reading.said)
    assumed = " ".join(
        dict.fromkeys(
            one.word.assumes for one in owing.reading.said if one.word is not None and one.word.assumes
        )
    )
    yield f"*Dibaca: {plain(read)}.*{' ' + plain(assumed) if assumed else ''}"
    heads = ("Layanan", "Keadaan bila belum", "Di mana, oleh siapa", "Keyakinan")
    for group in _SHOWN:
        rows = [_row(material, each) for each in owing.of(group)]
        if rows:
            yield ""
            yield f"**{TITLES[group]}**"
            yield from table(heads, rows)
    waiting = owing.of(Group.WAITS)
    if waiting:
        names = ", ".join(_link(each) for each in waiting)
        yield f"{TITLES[Group.WAITS]}: {names}."
        yield ""
    if owing.watch:
        yield "**Ke Puskesmas sekarang juga bila:**"
        yield ""
        for watch in owing.watch:
            yield f"- {plain(watch.table.title)}: {plain('; '.join(watch.results))}"
        yield ""
    if owing.unsaid:
        yield "**Yang masih perlu ditanyakan:** " + " ".join(
            plain(fact.ask or fact.label) for fact in owing.unsaid
        )
        yield ""


def _row(material: Material, each: Owed) -> tuple[str, ...]:
    word, _meaning = CONFIDENCE[each.need.confidence]
    by = "<br>".join(plain(one) for one in where_and_who(each, material.book))
    return _link(each), plain(_state(each)), by, f"*{word}*"


def _state(each: Owed) -> str:
    """Since when, or from when; for what hangs on something, on what."""
    answer = each.answer
    if each.when:
        return f"bila {each.when}"
    if answer is None:
        return ""
    day = answer.due if answer.due is not None else answer.opens
    word = STATUS_WORDS[answer.status].lower()
    if day is None:
        return word
    if answer.status == "not_yet":
        return f"mulai {shown_day(day)}"
    if answer.status == "due" and not each.need.is_sought:
        return "saat bertemu"
    since = answer.overdue if answer.status == "overdue" and answer.overdue is not None else day
    return f"{word} sejak {shown_day(since)}"


def _link(each: Owed) -> str:
    return f"[{plain(each.need.title)}]({each.need.package.name}.md#{each.need.name})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
