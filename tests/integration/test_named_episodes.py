"""A record that names the pregnancy it belongs to: at the door, after corrections and merges, and in bulk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siklus.bulk.rebuild import rebuild
from siklus.care import actions, queries
from siklus.desk import trial_form
from siklus.desk.pages.life import lines_of
from siklus.kernel.dates import year_of
from siklus.library.expected import judge
from siklus.library.loading import load_book
from siklus.records.drafts import Outcome
from siklus.rules.episode_spec import NAMED
from tests.integration import contents
from tests.integration.area import POSYANDU, TODAY, draft, label, problems, write, write_one

CONTACT = "anc_k1_akses"
pytestmark = pytest.mark.usefixtures("area")


def mother(name: str = "Dewi") -> int:
    return write_one(
        "daftar_orang", "2020-01-02", nama=name, birth="1998-05-02", sex="p", posyandu=POSYANDU[0]
    )


def pregnancy(person: int, on: str = "2026-09-01") -> int:
    return write_one("daftar_kehamilan", on, of=person)


def visit(person: int, names: int | str | None, on: str = "2026-08-01") -> Outcome:
    """Before the pregnancy was registered: only a name can bring it there."""
    told = label(names) if isinstance(names, int) else names
    (outcome,) = write(draft("kunjungan_anc", on, of=person, oleh="bidan", **{NAMED: told}))
    return outcome


def statuses(person: int) -> dict[int, str]:
    """By pregnancy, whether its first contact was."""
    return {each.unit_id: each.status for each in queries.answers_for(person, TODAY) if each.need == CONTACT}


def why(outcome: Outcome) -> str:
    (problem,) = outcome.problems
    return f"{problem.code} {problem.found}"


def test_a_visit_counts_for_the_pregnancy_it_names() -> None:
    dewi = mother()
    first = pregnancy(dewi, "2025-01-10")
    write_one("persalinan", "2025-08-10", of=dewi)
    second = pregnancy(dewi)
    assert visit(dewi, None).is_accepted
    assert statuses(dewi) == {first: "missed", second: "overdue"}
    assert visit(dewi, second).is_accepted
    assert statuses(dewi) == {first: "missed", second: "done"}
    assert visit(dewi, first, "2026-09-02").is_accepted
    assert statuses(dewi) == {first: "done", second: "done"}


def test_the_door_lets_in_only_the_name_of_an_opening_of_this_person() -> None:
    dewi, sari = mother(), mother("Sari")
    own, others = pregnancy(dewi), pregnancy(sari)
    weighed = write_one("ukur_lp", "2026-08-01", of=dewi, lingkar_perut=80)
    void = pregnancy(dewi, "2026-09-02")
    actions.void_record(void, author=None, why="Salah orang", today=TODAY)
    shown = "Kehamilan yang dimaksud: catatan"
    assert why(visit(dewi, others)) == f"K15 {shown} {label(others)} tidak ada pada orang ini"
    assert why(visit(dewi, "1-999")) == f"K15 {shown} 1-999 tidak ada pada orang ini"
    assert why(visit(dewi, void)) == f"K15 {shown} {label(void)} sudah dibatalkan"
    assert why(visit(dewi, weighed)).endswith("tidak membuka kehamilan")
    assert why(visit(dewi, "besok")).startswith("K04 Kehamilan yang dimaksud: 'besok' tidak dapat dibaca")
    assert visit(dewi, own).is_accepted and visit(sari, others).is_accepted


def test_a_batch_may_name_what_it_opens() -> None:
    dewi = mother()
    outcomes = write(
        draft("daftar_kehamilan", "2026-09-01", of=dewi, ref="hamil"),
        draft("kunjungan_anc", "2026-08-01", of=dewi, oleh="bidan", episode="@hamil"),
        draft("daftar_kehamilan", "2026-09-01", of=dewi, ref="keliru", hpht="2026-99-99"),
        draft("kunjungan_anc", "2026-08-02", of=dewi, oleh="bidan", episode="@keliru"),
    )
    assert problems(outcomes) == [[], [], ["K11"], ["D03"]]
    assert statuses(dewi) == {outcomes[0].key: "done"}


def test_a_name_survives_what_becomes_of_its_record() -> None:
    dewi = mother()
    opening = pregnancy(dewi)
    seen = visit(dewi, opening)
    actions.correct_record(opening, author=None, why="Tanggal", on=TODAY - 40, today=TODAY)
    assert statuses(dewi) == {opening: "done"}
    actions.void_record(opening, author=None, why="Bukan hamil", today=TODAY)
    assert statuses(dewi) == {}
    # Whatever else is wrong with the visit can still be put right.
    corrected = actions.correct_record(
        seen.key or 0, author=None, why="Berat", changes={"berat": 55}, today=TODAY
    )
    assert corrected.is_accepted
    other = actions.correct_record(
        seen.key or 0, author=None, why="Keliru", changes={NAMED: label(dewi)}, today=TODAY
    )
    assert [problem.code for problem in other.problems] == ["K15"]
    again = pregnancy(dewi, "2026-10-01")
    assert statuses(dewi) == {again: "overdue"}
    actions.correct_record(
        seen.key or 0, author=None, why="Kehamilan", changes={NAMED: label(again)}, today=TODAY
    )
    assert statuses(dewi) == {again: "done"}


def test_a_name_leads_through_a_merge_and_nowhere_when_it_is_undone() -> None:
    dewi, double = mother(), mother("Dewi S")
    opening = pregnancy(double)
    merged = write_one("gabung_orang", "2026-11-01", of=dewi, orang=label(double))
    assert visit(dewi, opening).is_accepted
    assert statuses(dewi) == {opening: "done"}
    actions.void_record(merged, author=None, why="Dua orang", today=TODAY)
    assert statuses(dewi) == {}
    assert statuses(double) == {opening: "overdue"}
    assert why(visit(dewi, opening)).endswith("tidak ada pada orang ini")


def test_the_line_of_a_life_tells_the_day_of_what_is_named() -> None:
    dewi = mother()
    opening = pregnancy(dewi)
    visit(dewi, opening)

    def told() -> list[str]:
        lines = lines_of(
            queries.time_line(dewi), load_book().vocabulary, needs={}, person={}, today=TODAY, for_kader=False
        )
        return [line.words for line in lines if line.kind == "Pemeriksaan kehamilan (ANC)"]

    assert told() == ["Kehamilan yang dimaksud 1 Sep 2026"]
    actions.void_record(opening, author=None, why="Salah", today=TODAY)
    assert told() == [""]


def test_a_typed_life_names_a_record_by_its_place_on_the_page() -> None:
    vocabulary = load_book().vocabulary
    opening = trial_form.TypedRecord("daftar_kehamilan", {trial_form.DAY: "01/09/2026"})
    visited = {trial_form.DAY: "01/08/2026", "oleh": "bidan", NAMED: "2"}
    typed = trial_form.Typed(
        need=CONTACT,
        on="21/11/2026",
        status="done",
        records=(trial_form.TypedRecord("kunjungan_anc", visited), opening),
    )
    read = trial_form.read(typed, vocabulary)
    assert read.problems == {} and read.expected is not None
    assert judge(load_book(), read.raw, read.expected).is_right
    again = trial_form.typed_of(read.raw, vocabulary, need=CONTACT, title="", expected=read.expected)
    assert again.records[0].values[NAMED] == "2"
    lost = replace(typed, records=typed.records[:1])
    verdict = judge(load_book(), trial_form.read(lost, vocabulary).raw, read.expected)
    told = trial_form.problems_of(verdict.problems, {})
    assert told == {
        "catatan-0-episode": "Catatan '2' tidak ada pada orang ini. Tulis id catatan yang membukanya."
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_rules")
def test_a_rebuild_reads_names_as_settling_does() -> None:
    dewi = mother()
    first = pregnancy(dewi, "2025-01-10")
    write_one("persalinan", "2025-08-10", of=dewi)
    second = pregnancy(dewi)
    seen = [visit(dewi, name, on) for name, on in ((second, "2025-02-01"), (first, "2026-09-09"))]
    assert all(each.is_accepted for each in seen)
    folded = contents.derived()
    assert statuses(dewi) == {first: "done", second: "done"}
    rebuild(TODAY, year_of(TODAY))
    assert contents.derived() == folded
