"""Everybody against everybody: splink on DuckDB finds the pairs that may be one person, by the model of the knowledge.

No weight is trained here, so the same register gives the same pairs. What is compared stands in
`knowledge/doubles.yaml`; this module says only how each state is seen in SQL.
"""

from __future__ import annotations

import itertools
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from siklus.doubles.weighing import asked_at_most
from siklus.doubles.who import Who
from siklus.library.doubles import OTHER, DoublesModel, Level, bits_of

MEMORY = 512
"""MB for DuckDB; what does not fit is spilled."""
_AT_ONCE = 20_000
_TEXT, _NUMBER, _WORDS, _FLAG = pa.string(), pa.int64(), pa.list_(pa.string()), pa.bool_()
_SCHEMA = pa.schema(
    [
        ("unique_id", _NUMBER), ("name", _TEXT), ("words", _WORDS), ("first", _TEXT), ("last", _TEXT),
        ("birth", _NUMBER), ("exact_birth", _NUMBER), ("is_rounded", _FLAG), ("day", _NUMBER), ("month", _NUMBER),
        ("year", _NUMBER), ("sex", _TEXT), ("mother_id", _NUMBER), ("mother", _TEXT), ("mother_words", _WORDS),
        ("spouse", _TEXT), ("spouse_words", _WORDS), ("family", _NUMBER), ("card", _TEXT), ("rt", _TEXT),
        ("posyandu", _TEXT), ("desa", _TEXT), ("puskesmas", _TEXT), ("nik", _TEXT), ("phone", _TEXT),
        ("birth_order", _NUMBER), ("is_living", _FLAG),
    ]
)  # fmt: skip
_ONE_BIRTH = """coalesce(
    l.birth = r.birth AND l.is_living AND r.is_living
    AND (l.family = r.family OR l.card = r.card OR l.mother_id = r.mother_id)
    AND NOT (l.words = r.words OR list_has_all(l.words, r.words) OR list_has_all(r.words, l.words)), false)
"""
_TOLD_APART = "coalesce(l.sex <> r.sex, false) OR coalesce(l.nik <> r.nik, false) " + (
    "OR coalesce(l.birth_order <> r.birth_order, false)"
)


@dataclass(frozen=True, slots=True)
class Linked:
    """Two persons, the lower id first, who may be one; `states` as in `weighing.Weighed`."""

    one: int
    other: int
    probability: float
    states: Mapping[str, str]


def linked(people: Iterable[Who], model: DoublesModel) -> list[Linked]:
    """The pairs worth showing, the likeliest first."""
    with tempfile.TemporaryDirectory(prefix="siklus-ganda-") as folder, duckdb.connect() as duck:
        for setting in (f"memory_limit = '{MEMORY}MB'", f"temp_directory = '{folder}'", "threads = 2"):
            duck.execute(f"SET {setting}")
        if _load(duck, people) < 2:
            return []
        return _predict(duck, model)


def _load(duck: Any, people: Iterable[Who]) -> int:
    """Everybody into a table; how many."""
    duck.register("batch", _SCHEMA.empty_table())
    duck.execute("CREATE TABLE people AS SELECT * FROM batch")
    count = 0
    rows = iter(people)
    while some := [who.row() for who in itertools.islice(rows, _AT_ONCE)]:
        duck.register("batch", pa.Table.from_pylist(some, schema=_SCHEMA))
        duck.execute("INSERT INTO people SELECT * FROM batch")
        count += len(some)
    duck.unregister("batch")
    return count


def _predict(duck: Any, model: DoublesModel) -> list[Linked]:
    from splink import DuckDBAPI, Linker  # a second to import, and only the night needs it

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=duck)
    linker = Linker(api.register("people"), settings_of(model), log_level=None)
    linker.table_management.register_term_frequency_lookup(_bearers(duck, api, model), "name")
    found = linker.inference.predict(
        threshold_match_weight=bits_of(model.shown_from), warning_mode="never"
    ).physical_name
    gammas = ", ".join(f"p.gamma_{name}" for name in model.compared)
    rows = duck.execute(
        f"SELECT p.unique_id_l, p.unique_id_r, p.match_probability, {_ONE_BIRTH}, {gammas} "  # noqa: S608  our names
        f"FROM {found} p "
        f"JOIN people l ON l.unique_id = p.unique_id_l JOIN people r ON r.unique_id = p.unique_id_r "
        f"WHERE NOT ({_ONE_BIRTH} AND (NOT ({_slip('l.name', 'r.name', model)}) OR {_TOLD_APART}))"
    ).fetchall()
    pairs = (
        _linked(one, other, probability, dict(_states(states, model)), model if is_one_birth else None)
        for one, other, probability, is_one_birth, *states in rows
    )
    return sorted(pairs, key=lambda pair: (-round(pair.probability, 6), pair.one, pair.other))


def _linked(
    one: int, other: int, probability: float, states: Mapping[str, str], asked: DoublesModel | None
) -> Linked:
    """`asked` is the model where the two may be twins."""
    if asked is not None:
        weighed = asked_at_most(probability, states, asked)
        probability, states = weighed.probability, weighed.states
    return Linked(min(one, other), max(one, other), probability, states)


def _bearers(duck: Any, api: Any, model: DoublesModel) -> Any:
    """How common each name is, as `DoublesModel.share` has it."""
    level, behind = model.by_frequency, model.people_behind_u
    told = behind * level.u if level is not None else 0.0
    duck.execute(
        "CREATE TABLE bearers AS SELECT name, (count(*) + ?) / (sum(count(*)) OVER () + ?) AS tf_name "
        "FROM people WHERE name IS NOT NULL GROUP BY name",
        [told, behind],
    )
    return api.register("bearers")


def _states(gammas: Iterable[int], model: DoublesModel) -> Iterator[tuple[str, str]]:
    """The state of each comparison: splink counts its levels from the last, which is 0; unknown is below."""
    for (name, levels), gamma in zip(model.compared.items(), gammas, strict=True):
        if gamma >= 0:
            yield name, levels[len(levels) - 1 - gamma].state


def settings_of(model: DoublesModel) -> dict[str, Any]:
    """The model as splink takes it."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.prior,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{word} = r.{word}" for word in words), "sql_dialect": "duckdb"}
            for words in model.together
        ],
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [
                    {"sql_condition": _unknown(name), "label_for_charts": "unknown", "is_null_level": True},
                    *(_level(name, level, model) for level in levels),
                ],
            }
            for name, levels in model.compared.items()
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }


def _unknown(name: str) -> str:
    column = {"place": "puskesmas"}.get(name, name)
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _level(name: str, level: Level, model: DoublesModel) -> dict[str, Any]:
    told = {
        "sql_condition": "ELSE" if level.state == OTHER else _seen(name, level.state, model),
        "label_for_charts": level.state,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if level.by_frequency:
        told |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0}
    return told


def _seen(name: str, state: str, model: DoublesModel) -> str:
    words = {"name": "words"}.get(name, f"{name}_words")
    same = f"{name}_l = {name}_r"
    if name == "place":
        return {"family": "family_l = family_r OR card_l = card_r"}.get(state, f"{state}_l = {state}_r")
    if name == "birth":
        swapped = "day_l = month_r AND month_l = day_r"
        agree = "(day_l = day_r)::INT + (month_l = month_r)::INT + (year_l = year_r)::INT"
        return {
            "same": same,
            "same_rounded": f"{same} AND is_rounded_l",
            "slip": f"{agree} = 2 OR (year_l = year_r AND {swapped})",
            "same_year": "year_l = year_r AND (is_rounded_l OR is_rounded_r)",
        }[state]
    return {
        "same": same,
        "same_words": "words_l = words_r",
        "slip": _slip(f"{name}_l", f"{name}_r", model),
        "contained": f"list_has_all({words}_l, {words}_r) OR list_has_all({words}_r, {words}_l)",
        "husband": "name_l = spouse_r OR name_r = spouse_l",
        "first": "first_l = first_r",
    }[state]


def _slip(one: str, other: str, model: DoublesModel) -> str:
    return f"levenshtein({one}, {other}) * {model.one_letter_in} <= greatest(length({one}), length({other}))"
