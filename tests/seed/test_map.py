"""The map of the seed: real places, all of Rejang Lebong's puskesmas, invented posyandu that say so."""

from __future__ import annotations

import pytest

from seed.assumptions import read_assumptions
from seed.geography import apportion, draw_map
from seed.targets import project_targets


def test_the_district_is_whole() -> None:
    whole = draw_map("district", read_assumptions())
    levels = [place.level for place in whole.places]
    kinds = [facility.kind for facility in whole.facilities]
    assert (levels.count("kecamatan"), levels.count("desa") + levels.count("kelurahan")) == (15, 156)
    assert (kinds.count("puskesmas"), kinds.count("posyandu")) == (21, 221)
    assert whole.people == 288_582
    assert len({spot.desa_code for spot in whole.neighbourhoods}) == 156


def test_what_is_invented_says_so_and_what_is_assumed_too() -> None:
    whole = draw_map("district", read_assumptions())
    for facility in whole.facilities:
        assert ("(contoh)" in facility.name) == (facility.kind != "puskesmas")
    served = [service for service in whole.services if service.facility_code.startswith("P17")]
    assert {service.confidence for service in served} == {"general", "ours"}
    assert all("belum resmi" in service.note for service in served)


def test_smaller_scales_are_cut_from_the_same_map() -> None:
    assumptions = read_assumptions()
    one, area, whole = (draw_map(scale, assumptions) for scale in ("posyandu", "puskesmas", "district"))
    assert set(one.neighbourhoods) < set(area.neighbourhoods) < set(whole.neighbourhoods)
    assert 1_000 < one.people < 1_800
    assert 12_000 < area.people < 15_000
    codes = {place.code for place in area.places}
    assert {"17", "17.02"} < codes
    assert all(facility.desa_code in codes for facility in area.facilities)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="not a scale"):
        draw_map("province", read_assumptions())


def test_targets_of_the_parts_add_up_to_the_whole() -> None:
    whole, assumptions = draw_map("district", read_assumptions()), read_assumptions()
    targets = {(indicator, code): value for indicator, code, value in project_targets(whole, assumptions)}
    for indicator in ("spm01", "spm09"):
        desas = sum(
            value for (name, code), value in targets.items() if name == indicator and code.count(".") == 3
        )
        puskesmas = sum(
            value for (name, code), value in targets.items() if name == indicator and code.startswith("P")
        )
        assert desas == puskesmas == targets[indicator, "17.02"]


def test_shares_by_weight_always_add_up() -> None:
    assert apportion(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert apportion(5, {"a": 100, "b": 0}, at_least=1) == {"a": 4, "b": 1}
