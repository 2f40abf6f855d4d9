"""No age, interval, threshold or target outside knowledge/, and a proof that this test can fail."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.unit.numbers_scan import (
    ALLOWED,
    CALENDAR_FILES,
    DRAWN_FILES,
    joins,
    scan_python,
    scan_text,
    scan_tree,
)


def test_no_age_interval_threshold_or_target_stands_in_code(project: Path) -> None:
    findings = scan_tree(project)
    assert not findings, "\n".join(["These belong in knowledge/ with their citation:", *map(str, findings)])


def test_every_exception_is_still_needed(project: Path) -> None:
    whole = (*CALENDAR_FILES, *DRAWN_FILES)
    assert [path for path in whole if not (project / path).is_file()] == []
    unneeded = []
    for path, code in ALLOWED:
        found = joins(ast.parse((project / path).read_text()))
        if code not in {text for _, text in found}:
            unneeded.append((path, code))
    assert unneeded == []


@pytest.mark.parametrize(
    "guilty",
    [
        "if age_months(person, today) < 60: pass",
        "is_old = person.umur_tahun >= 60",
        "if 15 <= age_years(birth, today) < 60: pass",
        "late = today - 365",
        "window = birth + 9 * 30",
        "stop = add_months(birth, 24)",
        "until = timedelta(days=7)",
        "MAX_AGE_DAYS = 42",
        "def late(today, overdue_days=30): pass",
        "def late(today, *, overdue_days=30): pass",
        "rule = {'max_age_days': 1826}",
        "if facts['usia'] in range(12, 24): pass",
        "if record.hb < 11: pass",
        "if percent >= 90: tone = 'good'",
        "target: float = 0.8",
        "sql = 'select * from person where age_months < 60'",
        "sql = f'where birth > {today} and today - 365 > birth'",
        "message = _('Anak di bawah 12 bulan')",
        "words = 'under 60 months'",
    ],
)
def test_a_number_of_a_regulation_in_python_is_found(guilty: str) -> None:
    assert scan_python(guilty, "src/siklus/care/guilty.py")


@pytest.mark.parametrize(
    "guilty",
    [
        "{% if person.age_months < 60 %}",
        "<p>Usia 0-59 bulan</p>",
        "<td>tekanan ≥ 140 mmHg</td>",
        "today - 30",
    ],
)
def test_a_number_of_a_regulation_in_a_template_is_found(guilty: str) -> None:
    assert scan_text(guilty, "src/siklus/desk/templates/guilty.html")


@pytest.mark.parametrize(
    "innocent",
    [
        "stop = day + 1",
        "if age_months is None or age_months < 0: pass",
        "if year < 1900: pass",
        "page = rows[:50]",
        "key = device << 32 | number",
        "days_by_unit = {'day': 1, 'week': 7}",
        "next_gap = 2 * months[-1] - months[-2]",
        "if len(months) == 12: pass",
        "share = 100 * complete / registered",
        '"""At 12 months (12 bulan) this is an example."""',
        "message = _('%(n)d bulan') % {'n': n}",
        "name = 'spm04'; code = '17.02.06.1004'; need = 'weigh'",
    ],
)
def test_structure_and_calendar_are_left_alone(innocent: str) -> None:
    assert not scan_python(innocent, "src/siklus/care/innocent.py")


def test_the_calendar_itself_may_know_how_long_a_week_is() -> None:
    assert not scan_python("week = days // 7", "src/siklus/kernel/dates.py")
