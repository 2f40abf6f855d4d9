"""One person, all needs, by the generated Python: from the records, and from the kept state alone.

Beside it the reference interpreter on the same lives, and for eleven needs a hand-written Python against code generated
from only those needs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from statistics import mean, median
from time import perf_counter
from typing import Any

from bench import hand_python
from bench.figure import Figure, Goal
from bench.measuring import nanoseconds_of_an_empty_turn, percentile, ratio, side_by_side
from bench.populations import ON, use_population
from siklus.kernel.dates import age_months
from siklus.library.loading import Book
from siklus.rules.emitters.python import Engine, make_engine
from siklus.rules.life import Life
from siklus.rules.vocabulary import PERSON

GOAL_MICROSECONDS = 100
_SAMPLE = 1000
_DRAWN = 120
_OF_GROUP = 60
_YOUNG = ((0, 12), (12, 24), (24, 72))
_LIVING = "SELECT id, birth FROM register_person WHERE merged_into IS NULL AND died IS NULL ORDER BY id"
_WITH_EPISODE = "SELECT person_id FROM care_state WHERE unit <> 'person' ORDER BY unit, unit_id"
_FOR_REFERENCE = 8
_ROUNDS = {True: 7, False: 25}
_ONE_BY_ONE = {True: 5, False: 15}
Units = Sequence[tuple[str, int]]
"""Episodes of a person with their last days."""
Chooser = Callable[[Life, Units], bool]


def measure(quick: bool) -> Figure:
    """Microseconds a person by group, and the median over the population."""
    use_population("puskesmas")
    from siklus.library.loading import load_book

    book = load_book()
    return figure_of(book, *drawn_lives(book), quick=quick)


def figure_of(book: Book, lives: Sequence[Life], rare: Sequence[Life], *, quick: bool) -> Figure:
    """The figure on these lives: a fair sample, and more of the rare groups."""
    figure = Figure("person", "One person, all needs, generated Python")
    figure.heading = (
        "group", "persons", "records", "answers", "from records, us", "range", "from state, us", "reference, us",
    )  # fmt: skip
    figure.values["empty_turn_ns_before"] = nanoseconds_of_an_empty_turn()
    engine = book.engine
    medians = {}
    for name, members in groups_of(engine, [*rare, *lives]).items():
        medians[name] = _measure_group(figure, book, name, members, _ROUNDS[quick])
    everybody = one_by_one(engine, lives, _ONE_BY_ONE[quick])
    figure.values["population"] = everybody
    figure.rows.append(
        ("population, median person", str(len(lives)), "", "", f"{everybody['median_us']}",
         f"mean {everybody['mean_us']}, p95 {everybody['p95_us']}", "", ""),
    )  # fmt: skip
    _measure_by_hand(figure, book, lives, _ROUNDS[quick])
    figure.checks["generated Python answers as the reference interpreter"] = all(
        _same(book, life) for life in lives[:: max(1, len(lives) // (40 if quick else 200))]
    )
    figure.goals.append(Goal("population, median person", GOAL_MICROSECONDS, everybody["median_us"], "us"))
    figure.goals.append(Goal("population, mean person", GOAL_MICROSECONDS, everybody["mean_us"], "us"))
    for name, got in medians.items():
        figure.goals.append(Goal(name, GOAL_MICROSECONDS, got, "us"))
    figure.values["empty_turn_ns_after"] = nanoseconds_of_an_empty_turn()
    figure.notes.append(
        f"{len(book.needs)} needs in the book; CPU time of one process; an empty turn of a Python loop took "
        f"{figure.values['empty_turn_ns_before']}-{figure.values['empty_turn_ns_after']} ns meanwhile "
        "(about 19 ns on a quiet core of this kind: more means that other work shared it)."
    )
    return figure


def drawn_lives(book: Book) -> tuple[list[Life], list[Life]]:
    """(a random sample of the living, some more of the groups that are rare in it); the same ones every time."""
    from django.db import connection

    from siklus.care.queries import lives_of

    draw = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute(_LIVING)
        births = dict(cursor.fetchall())
        cursor.execute(_WITH_EPISODE)
        with_episode = [person for (person,) in cursor.fetchall() if person in births]
    sample = draw.sample(list(births), min(_SAMPLE, len(births)))
    rare = [
        [
            person
            for person, birth in births.items()
            if birth is not None and low <= age_months(birth, ON) < high
        ]
        for low, high in _YOUNG
    ]
    drawn = {
        person for group in (*rare, with_episode) for person in draw.sample(group, min(_DRAWN, len(group)))
    }
    lives = lives_of(sorted(drawn.union(sample)), book)
    return [lives[person] for person in sample], [lives[person] for person in sorted(drawn)]


def groups_of(engine: Engine, lives: Sequence[Life]) -> dict[str, list[Life]]:
    """Up to sixty persons of each kind; a person stands in the first group that fits."""
    groups: dict[str, list[Life]] = {name: [] for name in _GROUPS}
    for life in lives:
        units = [(name, facts["last_day"]) for name, facts, _ in engine.units(life) if name != PERSON]
        name = next((name for name, fits in _GROUPS.items() if fits(life, units)), None)
        if name is not None and len(groups[name]) < _OF_GROUP:
            groups[name].append(life)
    return {name: members for name, members in groups.items() if members}


def one_by_one(engine: Engine, lives: Sequence[Life], rounds: int) -> dict[str, float]:
    """Each person timed alone, the middle of some rounds; then over persons."""
    each: list[list[float]] = [[] for _ in lives]
    for _ in range(rounds):
        for life, times in zip(lives, each, strict=True):
            began = perf_counter()
            engine.needs(life, ON)
            times.append(perf_counter() - began)
    middles = [median(times) * 1e6 for times in each]
    return {
        "persons": len(lives),
        "median_us": round(median(middles), 1),
        "mean_us": round(mean(middles), 1),
        "p95_us": round(percentile(middles, 0.95), 1),
        "most_us": round(max(middles), 1),
    }


def _measure_group(figure: Figure, book: Book, name: str, members: Sequence[Life], rounds: int) -> float:
    engine = book.engine
    states = [engine.fold(life) for life in members]
    few = members[:_FOR_REFERENCE]
    found = side_by_side(
        {
            "records": each_of(engine.needs, members),
            "state": each_of(engine.finish, states),
            "reference": each_of(book.reference.needs, few),
        },
        rounds,
    )
    whole = found["records"].spread(1e6 / len(members), 1)
    alone = found["state"].spread(1e6 / len(members), 1)
    tree = found["reference"].spread(1e6 / len(few), 1)
    records = mean(len(life.records) for life in members)
    count = mean(len(engine.finish(state, ON)) for state in states)
    figure.values[name] = {
        "persons": len(members), "records": round(records, 1), "answers": round(count, 1),
        "from_records_us": whole, "from_state_us": alone, "reference_us": tree,
    }  # fmt: skip
    figure.rows.append(
        (name, str(len(members)), f"{records:.0f}", f"{count:.0f}", f"{whole['cpu_median']}",
         f"{whole['cpu_low']}-{whole['cpu_high']}", f"{alone['cpu_median']}", f"{tree['cpu_median']:.0f}"),
    )  # fmt: skip
    return float(whole["cpu_median"])


def _measure_by_hand(figure: Figure, book: Book, lives: Sequence[Life], rounds: int) -> None:
    chosen = tuple(need for need in book.needs if need.name in hand_python.NEEDS)
    engine = make_engine(replace(book.rules, needs=chosen, indicators=(), classifications=()))
    found = side_by_side(
        {
            "generated": each_of(engine.needs, lives),
            "hand": each_of(hand_python.answers, lives),
        },
        rounds,
    )
    times = ratio(found["generated"], found["hand"])
    generated = found["generated"].spread(1e6 / len(lives), 1)
    hand = found["hand"].spread(1e6 / len(lives), 1)
    figure.values["by_hand"] = {
        "needs": list(hand_python.NEEDS), "generated_us": generated, "hand_us": hand, "generated_over_hand": times,
    }  # fmt: skip
    figure.checks["hand-written Python gives the same statuses"] = all(
        sorted(hand_python.answers(life, ON))
        == sorted((answer.need, answer.unit_id, answer.status) for answer in engine.needs(life, ON))
        for life in lives
    )
    figure.notes.append(
        f"The {len(chosen)} needs also written by hand: generated {generated['cpu_median']} us a person (with all "
        f"days, asked facts and a state that answers any day), by hand {hand['cpu_median']} us (status only); "
        f"{times['median']} times [{times['low']}-{times['high']}, {times['rounds']} pairs]."
    )


def each_of(answer: Callable[[Any, int], object], asked: Sequence[Any]) -> Callable[[], None]:
    """Answers for each, one after another, kept by nobody."""

    def run() -> None:
        for one in asked:
            answer(one, ON)

    return run


def _same(book: Book, life: Life) -> bool:
    return sorted(book.engine.needs(life, ON), key=str) == sorted(book.reference.needs(life, ON), key=str)


def _aged(low: int, high: int, life: Life, _units: Units) -> bool:
    birth = life.person["birth"]
    return birth is not None and low <= age_months(birth, ON) < high


def _has(unit: str, _life: Life, units: Units) -> bool:
    return any(name == unit and last_day >= ON for name, last_day in units)


def _has_had(unit: str, _life: Life, units: Units) -> bool:
    return any(name == unit for name, _ in units)


def _is_ill(life: Life, units: Units) -> bool:
    return _has("hipertensi", life, units) or _has("dm", life, units)


_GROUPS: Mapping[str, Chooser] = {
    "infant, 0-11 months": partial(_aged, 0, 12),
    "toddler, 12-23 months": partial(_aged, 12, 24),
    "child, 2-5 years": partial(_aged, 24, 72),
    "pregnant": partial(_has, "kehamilan"),
    "chronic (hypertension, diabetes)": _is_ill,
    "mother, after a pregnancy": partial(_has_had, "kehamilan"),
    "school age, 6-14 years": partial(_aged, 72, 180),
    "adult, 15-59 years": partial(_aged, 180, 720),
    "elderly, 60 years and over": partial(_aged, 720, 10_000),
}
