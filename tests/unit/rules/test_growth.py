"""WHO z-scores by the reference algorithm: WHO's own children, its rules one by one, and no input that breaks it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siklus.kernel.problems import ProblemError
from siklus.library.standards import load_growth, read_tables
from siklus.rules.growth import (
    BOYS,
    GIRLS,
    IMPLAUSIBLE,
    LYING,
    OEDEMA,
    OUTSIDE,
    STANDING,
    Child,
    Growth,
    Score,
    measured,
    score,
)
from siklus.rules.growth_spec import read_growth

PROJECT = Path(__file__).resolve().parents[3]
GROWTH = load_growth(PROJECT / "knowledge")


@pytest.fixture(scope="module")
def growth() -> Growth:
    return GROWTH


def scores_of(growth: Growth, index: str, **child: object) -> Score:
    return score(growth, growth.indexes[index], measured(growth, Child(**child)))  # type: ignore[arg-type]


def golden(name: str) -> Iterator[tuple[dict[str, str], Child]]:
    """WHO's rows, and the child each is about."""
    with (PROJECT / "tests/data/growth" / name).open(newline="") as lines:
        for row in csv.DictReader(lines):

            def size(column: str, row: dict[str, str] = row) -> float | None:
                return float(row[column]) if row.get(column) else None

            yield (
                row,
                Child(
                    sex=int(row["sex"]) - 1,
                    age_days=size("age_days"),
                    age_months=size("agemons"),
                    weight=size("weight"),
                    length=size("lenhei" if "lenhei" in row else "height"),
                    position={"l": LYING, "h": STANDING}.get(row.get("measure", "")),
                    head=size("headc"),
                    arm=size("armc"),
                    oedema=row["oedema"] == "y",
                ),
            )


def differences(growth: Growth, name: str, indexes: dict[str, str]) -> list[tuple[dict[str, str], str]]:
    wrong = []
    for row, child in golden(name):
        ready = measured(growth, child)
        for column, index in indexes.items():
            found = score(growth, growth.indexes[index], ready)
            value = "" if found.value is None else format(found.value / 100, ".15g")
            flag = "" if found.value is None else str(int(found.why == IMPLAUSIBLE))
            if (value, flag) != (row[f"z{column}"], row[f"f{column}"]):
                wrong.append((row, column))
    return wrong


def test_a_thousand_children_under_five_have_the_scores_and_flags_of_whos_program(growth: Growth) -> None:
    indexes = {"len": "lhfa", "wei": "wfa", "wfl": "wfl", "bmi": "bmifa", "hc": "hcfa", "ac": "acfa"}
    assert differences(growth, "who2006_golden.csv", indexes) == []


def test_three_hundred_children_of_school_age_have_the_scores_and_flags_of_whos_program(
    growth: Growth,
) -> None:
    indexes = {"hfa": "lhfa", "wfa": "wfa", "bfa": "bmifa"}
    assert differences(growth, "who2007_golden.csv", indexes) == []


def test_a_child_at_the_median_scores_nought(growth: Growth) -> None:
    assert scores_of(growth, "wfa", sex=BOYS, age_days=0.0, weight=3.3464) == Score(0)


def test_half_a_hundredth_goes_away_from_nought_on_both_sides(growth: Growth) -> None:
    """A head of a newborn girl exactly 0.005 and 1.995 deviations from the median, which no double holds exactly."""
    power, m, s = growth.rows("who2006/hcfa.csv")[GIRLS].at(0, 0.0) or (0, 0, 0)
    assert power == 1
    for deviation, hundredths in ((0.005, 1), (-0.005, -1), (1.995, 200), (-1.995, -200)):
        head = m * (1 + s * deviation)
        assert scores_of(growth, "hcfa", sex=GIRLS, age_days=0.0, head=head).value == hundredths


@pytest.mark.parametrize(
    ("days", "position", "corrected", "is_odd"),
    [
        (730, STANDING, 80.7, False),
        (730, LYING, 80.0, False),
        (731, STANDING, 80.0, False),
        (731, LYING, 79.3, False),
        (730, None, 80.0, False),
        (731, None, 80.0, False),
        (273, STANDING, 80.0, True),  # 8.97 months: nobody stands so early
        (274, STANDING, 80.7, False),  # 9.002 months
        (None, STANDING, 80.0, False),
    ],
)
def test_length_is_made_what_it_should_have_been_at_that_age(
    growth: Growth, days: int | None, position: str | None, corrected: float, is_odd: bool
) -> None:
    child = Child(sex=BOYS, age_days=None if days is None else float(days), length=80.0, position=position)
    ready = measured(growth, child)
    assert (ready.values["length"], ready.is_odd) == (corrected, is_odd)


def test_with_oedema_no_weight_is_judged_but_length_is(growth: Growth) -> None:
    child = {"sex": BOYS, "age_days": 365.0, "weight": 9.0, "length": 75.0, "head": 46.0, "oedema": True}
    whys = {index: scores_of(growth, index, **child).why for index in ("wfa", "wfl", "bmifa", "lhfa", "hcfa")}
    assert whys == {"wfa": OEDEMA, "wfl": OEDEMA, "bmifa": OEDEMA, "lhfa": "", "hcfa": ""}


@pytest.mark.parametrize(
    ("index", "child", "why"),
    [
        ("wfa", {"weight": 9.0, "age_days": 365.0}, "sex"),
        ("wfa", {"sex": BOYS, "weight": 9.0}, "age"),
        ("wfa", {"sex": BOYS, "age_days": 365.0}, "weight"),
        ("bmifa", {"sex": BOYS, "age_days": 365.0, "weight": 9.0}, "length"),
        ("acfa", {"sex": BOYS, "age_days": 90.0, "arm": 13.0}, OUTSIDE),
        ("acfa", {"sex": BOYS, "age_days": 91.0, "arm": 13.0}, ""),
        ("wfa", {"sex": BOYS, "age_days": 1826.0, "weight": 18.0}, ""),
        ("wfa", {"sex": BOYS, "age_days": 1827.0, "weight": 18.0}, OUTSIDE),  # 60.02 months
        ("wfa", {"sex": BOYS, "age_months": 60.99, "weight": 18.0}, OUTSIDE),
        ("wfa", {"sex": BOYS, "age_months": 61.0, "weight": 18.0}, ""),
        ("wfa", {"sex": BOYS, "age_months": 120.99, "weight": 30.0}, ""),
        ("wfa", {"sex": BOYS, "age_months": 121.0, "weight": 30.0}, OUTSIDE),
        ("lhfa", {"sex": GIRLS, "age_months": 228.99, "length": 160.0}, ""),
        ("lhfa", {"sex": GIRLS, "age_months": 229.0, "length": 160.0}, OUTSIDE),
        ("wfl", {"sex": BOYS, "age_days": 30.0, "weight": 2.4, "length": 44.9}, OUTSIDE),
        ("wfl", {"sex": BOYS, "age_days": 30.0, "weight": 2.4, "length": 45.0}, ""),
        ("wfl", {"sex": BOYS, "age_days": 1000.0, "weight": 22.0, "length": 120.1}, OUTSIDE),
        ("wfl", {"sex": BOYS, "age_days": 1000.0, "weight": 22.0, "length": 120.0}, ""),
        ("wfa", {"sex": BOYS, "age_days": 365.0, "weight": 25.0}, IMPLAUSIBLE),
        ("lhfa", {"sex": BOYS, "age_days": 365.0, "length": 55.0}, IMPLAUSIBLE),
    ],
)
def test_what_cannot_be_scored_says_why(
    growth: Growth, index: str, child: dict[str, object], why: str
) -> None:
    found = scores_of(growth, index, **child)
    assert found.why == why
    assert (found.sure is None) == bool(why) and (found.value is None) == (why not in ("", IMPLAUSIBLE))


def test_without_an_age_a_length_is_lying_or_standing_as_measured_else_by_itself(growth: Growth) -> None:
    def of(length: float, position: str | None) -> int | None:
        return scores_of(growth, "wfl", sex=BOYS, weight=11.5, length=length, position=position).value

    assert of(86.9, None) == of(86.9, LYING) != of(86.9, STANDING)
    assert of(87.0, None) == of(87.0, STANDING) != of(87.0, LYING)


any_number = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(min_value=0, max_value=250),
    st.sampled_from([0.0, -0.0, 5e-324, 1e308, -1.0, math.nan, math.inf, -math.inf]),
)


@settings(max_examples=600, deadline=None)
@given(
    sex=st.sampled_from([None, BOYS, GIRLS]),
    age_days=any_number | st.floats(min_value=0, max_value=7100),
    age_months=any_number,
    weight=any_number,
    length=any_number,
    position=st.sampled_from([None, LYING, STANDING]),
    head=any_number,
    arm=any_number,
    oedema=st.booleans(),
)
def test_no_child_whatever_the_numbers_stops_the_judging(**child: object) -> None:
    ready = measured(GROWTH, Child(**child))  # type: ignore[arg-type]
    for index in GROWTH.indexes.values():
        found = score(GROWTH, index, ready)
        assert found.value is None or isinstance(found.value, int)
        assert found.value is not None or found.why


def test_every_row_of_every_table_lets_the_third_deviation_be_reached(growth: Growth) -> None:
    """Else the width between the second and the third, which goes on beyond it, would not be a number."""
    for index in growth.indexes.values():
        for table in index.tables:
            for rows in growth.rows(table.file):
                assert all(1 - 3 * abs(a * s) > 0 for a, s in zip(rows.l, rows.s, strict=True)), table.file
                assert all(power == 1 for power in rows.l) or index.extended, table.file


def test_half_a_table_or_a_setting_that_is_no_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "a.csv").write_text(
        "day,boys_l,boys_m,boys_s,girls_l,girls_m,girls_s\n0,1,2,3,1,2,3\n2,1,2,3,1,2,3\n"
    )
    with pytest.raises(ProblemError, match=r"a\.csv.*missing"):
        read_tables(tmp_path)("a.csv")
    with pytest.raises(ProblemError, match="V01"):
        read_growth("growth.yaml", {"days_in_month": "thirty"}, GROWTH.rows)
