"""From answers to figures: who is counted, who is complete, and sums that hide nothing."""

from __future__ import annotations

from siklus.monitoring.counting import Place, Standing, Sums, add_up, count_unit, write_words
from siklus.rules.answers import IndicatorAnswer

HERE, THERE = Place("99.01.01.2001", "POS-1", "P-UTARA"), Place("", "", "P-UTARA")


def answer(counted: bool | None, reached: bool | None = True, **components: bool | None) -> IndicatorAnswer:
    return IndicatorAnswer("spm04", "person", 7, counted, components, reached)


def standing(
    counted: bool | None, place: Place = HERE, *, lacking: tuple[str, ...] = (), unknown: tuple[str, ...] = ()
) -> Standing:
    is_complete = not lacking and not unknown
    return Standing("spm04", place, counted, True, is_complete, write_words(lacking), write_words(unknown))


def test_who_is_surely_not_counted_has_no_row() -> None:
    assert count_unit(answer(False, td=True), 7) is None


def test_complete_needs_every_component_and_an_unknown_one_is_not_complete() -> None:
    for components, is_complete in (
        ({"td": True, "gd": True}, True),
        ({"td": True, "gd": False}, False),
        ({"td": True, "gd": None}, False),
    ):
        unit = count_unit(answer(True, **components), 7)
        assert unit is not None and unit.complete is is_complete


def test_a_row_names_what_lacks_and_what_is_not_known_in_the_order_of_the_source() -> None:
    unit = count_unit(answer(None, None, d=False, a=None, c=False, b=True), 7)
    assert unit is not None
    assert (unit.lacking, unit.unknown, unit.counted, unit.reached) == (("d", "c"), ("a",), None, False)


def test_sums_keep_places_apart_and_the_unclear_out_of_every_other_figure() -> None:
    sums = add_up(
        [
            (standing(True), 3),
            (standing(True, lacking=("td",)), 2),
            (standing(True, unknown=("td",), lacking=("gd",)), 1),
            (standing(None, lacking=("td",)), 5),
            (standing(True, THERE), 4),
        ],
        {"spm04": ("td", "gd")},
    )
    assert sums["spm04", HERE] == Sums(6, 6, 3, 5, {"td": [3, 2, 1], "gd": [5, 1, 0]})
    assert sums["spm04", THERE] == Sums(4, 4, 4, 0, {"td": [4, 0, 0], "gd": [4, 0, 0]})


def test_figures_of_parts_add_up() -> None:
    whole = Sums()
    whole.add(Sums(6, 5, 3, 5, {"td": [3, 2, 1]}))
    whole.add(Sums(4, 4, 4, 0, {"td": [4, 0, 0]}))
    assert whole == Sums(10, 9, 7, 5, {"td": [7, 2, 1]})
