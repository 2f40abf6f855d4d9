"""A rule as sentences, for people who know the service and not the language of rules."""

from __future__ import annotations

from collections.abc import Mapping

from siklus.rules import tree as t
from siklus.rules.book import Indicator, Need
from siklus.rules.plain import plain
from siklus.rules.shown import unit_title
from siklus.rules.telling import how_often, reached, slots, words_for
from siklus.rules.vocabulary import PERSON, Vocabulary

ACTIONS = {
    "segera": "rujuk sekarang juga",
    "pustu": "ke Pustu, paling lambat besok",
    "kunjungi": "kunjungi di rumah",
    "edukasi": "beri edukasi",
    "none": "tidak ada tindakan khusus",
}
"""What a class asks for."""

_NOT_ASKED = "tidak diminta di sini (pilihan daerah)"
PERIODS = {
    "year": "tahun kalender",
    "school year": "tahun ajaran (mulai 1 Juli)",
    "month": "bulan",
    "month cumulative": "bulan, kumulatif sejak Januari",
    "quarter": "triwulan",
}


def sentences_of(need: Need, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what it is about, sentence) of a need, in the order in which one asks."""
    told = dict(slots(need, vocabulary, titles))
    about = [("Untuk siapa", _whom(need, vocabulary, told.get("who", "")))]
    often = how_often(need)
    if often:
        about.append(("Seberapa sering", often))
    if need.after:
        about.append(("Urutannya", f"sesudah {titles[need.after]}"))
    about.append(("Dijangkau", reached(need)))
    about.append(("Boleh sejak", told["opens"]))
    labels = {
        "due": "Waktunya",
        "appointment": "Janji",
        "overdue": "Terlambat sejak",
        "until": "Batas",
        "done": "Sudah bila",
    }
    about += [(label, told[slot]) for slot, label in labels.items() if slot in told]
    words = words_for(need, vocabulary, titles)
    about += [("Tidak perlu bila", f"{words.say(each.when)} ({each.say})") for each in need.exclusions]
    return [(label, said) for label, said in about if said]


def windows_of(need: Need, vocabulary: Vocabulary, titles: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Opens, due, overdue, until in words; a dash where there is no such day of its own."""
    told = dict(slots(need, vocabulary, titles))
    return (
        told["opens"],
        told.get("due", "sama"),
        told.get("overdue", "-"),
        told.get("until", "-").removeprefix("sampai ").removeprefix("dan termasuk "),
    )


def components_of(
    indicator: Indicator, vocabulary: Vocabulary, titles: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(label, words) of each component of an indicator."""
    words = words_for(indicator, vocabulary, titles)
    return [
        (indicator.labels[name], _NOT_ASKED if plain(node) == t.TRUE else words.say(node))
        for name, node in indicator.components.items()
    ]


def _whom(need: Need, vocabulary: Vocabulary, who: str) -> str:
    if need.unit == PERSON:
        return f"bila {who}" if who else "semua yang dicakup paket ini"
    unit = unit_title(vocabulary, need.unit)
    return f"setiap {unit}, bila {who}" if who else f"setiap {unit}"
