"""A whole rule in words, slot by slot: for the handbook and for the foot of a page that shows a need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from siklus.rules import tree as t
from siklus.rules.book import ACTIVE, OPPORTUNISTIC, Classification, Need, Row, Rule
from siklus.rules.date_phrases import peeled
from siklus.rules.plain import plain
from siklus.rules.plan import conjuncts, expressions_of_rule
from siklus.rules.schedules import Rolling, read_schedule
from siklus.rules.sentences import Words, is_never
from siklus.rules.shown import MONTHS, code_label, inner, length, listed
from siklus.rules.vocabulary import PERSON, Vocabulary

TOO_LONG = 120
_SCHEDULES = {
    "calendar month": "setiap bulan",
    "calendar year": "setiap tahun",
    "school year": "setiap tahun ajaran",
    "week": "setiap minggu",
}


REACHED = {
    ACTIVE: "orangnya dicari",
    OPPORTUNISTIC: "saat orangnya bertemu, untuk keperluan apa pun; tidak masuk daftar",
}


def words_for(rule: Rule, vocabulary: Vocabulary, titles: Mapping[str, str]) -> Words:
    """The words for one rule: a let goes by its title; without one, by its name where its words would be long."""
    words = Words(vocabulary, titles, getattr(rule, "unit", PERSON))
    if isinstance(rule, Classification):
        words = replace(words, named=_measured(words, rule))
    for let in rule.lets:
        if isinstance(plain(let.node), t.Literal | t.Fact):
            continue
        if let.title or len(words.say(let.node)) > TOO_LONG:
            title = let.title or f"«{_spaced(let.name)}»"
            words = replace(words, named={**words.named, let.node: title, plain(let.node): title})
    return words


def meanings(rule: Rule, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, words) of what the rule calls by a name, in the order of the sources."""
    words = words_for(rule, vocabulary, titles)
    used = {part for expression in expressions_of_rule(rule) for part in t.walk(expression)}
    told = []
    for let in rule.lets:
        if let.node in words.named and let.node in used:
            forms = (let.node, plain(let.node))
            others = {each: said for each, said in words.named.items() if each not in forms}
            told.append((let.title or _spaced(let.name), replace(words, named=others).say(let.node)))
    return told


def slots(need: Need, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(slot, words) of a need, those that say something: who opens due overdue until done."""
    words = words_for(need, vocabulary, titles)
    opens, due, overdue = (own_limit(need, limit) for limit in (need.opens, need.due, need.overdue))
    after = words if due == t.BIRTH else replace(words, named={**words.named, due: "jatuh tempo"})
    told = [
        ("who", "" if plain(need.who) == t.TRUE else words.say(need.who)),
        ("opens", _limit(words, opens)),
        ("due", "" if due == opens else _limit(words, due)),
        ("appointment", "tanggal janji menggantikannya" if "appointment" in need.source else ""),
        ("overdue", "" if is_never(overdue) else _limit(after, overdue)),
        ("until", "" if is_never(need.until) else words.until(need.until)),
        ("done", _settled_by(words, need)),
    ]
    return [(slot, said) for slot, said in told if said]


def reached(need: Need) -> str:
    """How its people are reached."""
    return REACHED[need.reach]


def performers(need: Need, vocabulary: Vocabulary) -> list[str]:
    """Who may do it where: `Posyandu: kader atau bidan`."""
    places = vocabulary.codes["tempat"]
    told = []
    for performer in need.by:
        roles = [code_label(vocabulary, "peran", role) for role in performer.who]
        place = places[performer.at].label.partition(" (")[0]
        told.append(f"{place}: {listed(roles, 'atau')}")
    return told


def how_often(need: Need) -> str:
    """The schedule in words; nothing of a need that comes once."""
    written = need.repeats or ""
    if written in _SCHEDULES:
        return _SCHEDULES[written]
    if written.endswith(" since last"):
        span = read_schedule(written, need.mark)
        assert isinstance(span, Rolling)
        return f"setiap {length(span.count, span.in_months).removeprefix('1 ')} sejak yang terakhir"
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    if written.startswith("campaign"):
        return f"setiap bulan {listed([MONTHS[number - 1] for number in numbers], 'dan')}"
    return f"pada umur {listed([str(number) for number in numbers], 'dan')} bulan" if numbers else ""


def rows(table: Classification, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[tuple[str, Row]]:
    """The lines of a classification; the last one holds for whatever is left."""
    words = words_for(table, vocabulary, titles)
    return [("selain itu" if row.when == t.TRUE else words.say(row.when), row) for row in table.rows]


def _measured(words: Words, table: Classification) -> dict[t.Node, str]:
    """The values of the record that is judged, by their label alone."""
    named: dict[t.Node, str] = {}
    for row in table.rows:
        for part in t.walk(row.when):
            if isinstance(part, t.Aggregate) and part.function == "last" and part.kind == table.kind:
                spec = words.field_of(part)
                if spec is not None:
                    named[part] = inner(spec.label)
    return named


def own_limit(need: Need, limit: t.Node) -> t.Node:
    """The limit that holds when no doctor gave a date, without the end of the window, which is told by itself."""
    if "appointment" in need.source and isinstance(limit, t.Choice):
        limit = limit.other
    if isinstance(limit, t.Extreme) and not limit.latest and need.until in limit.args:
        kept = tuple(arg for arg in limit.args if arg != need.until)
        return kept[0] if len(kept) == 1 else replace(limit, args=kept)
    return limit


def _limit(words: Words, limit: t.Node) -> str:
    """`umur 2 bulan, paling cepat 1 bulan sesudah tanggal DPT-HB-Hib 1` rather than the later of the two."""
    match limit:
        case t.Extreme(True, (first, t.Shift() as after)) if _is_least_age_or_interval(first, after):
            return f"{words.say(first)}, paling cepat {words.say(after)}"
    return words.say(limit)


def _is_least_age_or_interval(first: t.Node, after: t.Shift) -> bool:
    """True of an interval since an earlier step, or of an age beside a day of the calendar."""
    base, _ = peeled(after)
    return isinstance(base, t.StepValue) or (base == t.BIRTH and peeled(first)[0] != t.BIRTH)


def _settled_by(words: Words, need: Need) -> str:
    if plain(need.done) == t.FALSE:
        return "keadaannya sudah berubah; tidak ada catatan yang menyelesaikannya"
    for _, node in need.steps:
        if isinstance(node, t.EarliestWithin):
            return f"ada {words.event(node.dates)}"
    if need.repeats and need.repeats.endswith("since last"):
        lasts = (
            part for part in t.walk(need.done) if isinstance(part, t.Aggregate) and part.function == "last"
        )
        return f"ada {words.event(next(lasts))} dalam jangka waktu itu"
    if isinstance(need.done, t.Aggregate) and need.done.function == "exists":
        date = t.RecordField("date", "date", False)
        window = (t.Compare(">=", date, need.opens), t.Compare("<", date, need.until))
        parts = conjuncts(need.done.where)
        others = [part for part in parts if part not in window]
        if len(others) < len(parts):
            return f"ada {words.event(replace(need.done, where=t.both(*others)))} dalam masa itu"
    return words.say(need.done)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
