"""What an example shows, and what is missing: statuses that can be, days beside a limit, both sides of a threshold."""

from __future__ import annotations

import pytest

from siklus.library.adequacy.drafts import drafts
from siklus.library.adequacy.gaps import gaps, needs_without_all_statuses
from siklus.library.adequacy.statuses import possible_statuses
from siklus.library.yaml_text import line_of
from siklus.rules.answers import STATUSES
from tests.unit.rules.small_book import HEAD, book, need

WINDOW = {"opens": "birth + 3 days", "overdue": "birth + 7 days", "until": "birth + 8 days"}
WALK = (
    "{say: a, birth: 2026-05-01, days: {2026-05-03: not_yet, 2026-05-04: due, 2026-05-05: due, 2026-05-07: due, "
    "2026-05-08: overdue, 2026-05-09: missed, 2026-05-10: missed}}"
)


@pytest.mark.parametrize(
    ("slots", "cannot"),
    [
        (WINDOW, {"not_applicable"}),
        ({"who": "age_years(today) >= 60"}, {"overdue", "missed"}),
        (
            {"opens": "", "every": "calendar month"},
            {"not_yet", "overdue", "missed", "not_applicable", "unknown"},
        ),
        (
            {"opens": "", "every": "12 months since last", "starts": "birth"},
            {"overdue", "missed", "not_applicable"},
        ),
        ({**WINDOW, "never": "{refused: tidak ada yang menolak}"}, {"not_applicable", "refused"}),
    ],
)
def test_the_slots_say_which_statuses_can_be(slots: dict[str, str], cannot: set[str]) -> None:
    (made,) = book(need(**slots)).needs
    assert set(STATUSES) - possible_statuses(made) == cannot


def test_a_walk_through_the_days_shows_every_limit_and_the_statuses_on_the_way() -> None:
    told = [gap.what for gap in gaps(book(need(**WINDOW, examples=f"[{WALK}]")))]
    assert told == [
        "catatan sehari sebelum hari pertama yang dihitung",
        "catatan pada hari pertama yang dihitung",
        "status Sudah",
        "status Menolak",
        "status Belum diketahui",
    ]


def test_a_limit_is_shown_only_by_the_status_that_changes_on_it() -> None:
    done = "{say: a, birth: 2026-05-01, records: [{kunjungan: 2026-05-04}], today: 2026-05-08, expect: done}"
    told = [gap.what for gap in gaps(book(need(**WINDOW, examples=f"[{done}]")))]
    assert "mulai terlambat: sehari sebelum, pada hari, sehari sesudah" in told


def test_an_age_is_shown_where_it_decides_who_is_meant() -> None:
    days = "{2026-04-30: not_applicable, 2026-05-01: due, 2026-05-02: due}"
    slots = {"who": "age_years(today) >= 60", "examples": f"[{{say: a, birth: 1966-05-01, days: {days}}}]"}
    assert not [gap.what for gap in gaps(book(need(**slots))) if "60 tahun" in gap.what]
    slots |= {
        "who": "age_years(today) >= 60 and ya_a = true",
        "examples": "[{say: a, birth: 1966-05-01, ya_a: false, today: 2026-05-01, expect: not_applicable}]",
    }
    assert [gap.what for gap in gaps(book(need(**slots))) if "60 tahun" in gap.what]


def test_a_draft_for_each_gap_that_some_life_fills_and_nothing_left_after_them() -> None:
    first = "{say: a, birth: 2026-05-01, records: [{kunjungan: 2026-05-05}], today: 2026-05-06, expect: done}"
    made = book(need(**WINDOW, examples=f"[{first}]"))
    lines = [line_of(each.as_example()) for each in drafts(made)]
    assert lines[0].startswith("{say: hari demi hari selama belum dilakukan, birth: 2026-05-01, ")
    full = book(need(**WINDOW, examples=f"[{', '.join([first, *lines])}]"))
    assert gaps(full) == [] and needs_without_all_statuses(full) == []
    assert needs_without_all_statuses(made) == ["kebutuhan"]


TABLE = """\
classifications:
  - classification: golongan
    title: Golongan
    of: kunjungan where nilai is known
    who: "true"
    rows:
      - {when: nilai >= 20, is: lama, do: pustu}
      - {when: otherwise, is: sebentar, do: none}
    examples: [%s]
"""


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ((19, 20), []),
        ((18, 20), ["batas nilai 20 atau lebih: terlalu jauh dari batas"]),
        ((20, 21), ["golongan sebentar", "batas nilai 20 atau lebih: satu sisi"]),
    ],
)
def test_a_threshold_is_shown_from_both_sides_as_near_as_can_be_measured(
    values: tuple[int, ...], missing: list[str]
) -> None:
    examples = [
        f"{{say: a, today: 2026-05-02, records: [{{kunjungan: 2026-05-01, nilai: {value}}}], "
        f"expect: {'lama' if value >= 20 else 'sebentar'}}}"
        for value in values
    ]
    made = book(HEAD + TABLE % ", ".join(examples))
    assert [gap.what for gap in gaps(made)] == missing
