"""Everything held of a person: whole, with its history, its lookers and its imported lines; a secret stays closed."""

from __future__ import annotations

import json

import pytest

from siklus.access import actions as access
from siklus.care import actions as care
from siklus.site import cli
from tests.integration.area import NORTH, TODAY, WORD, child, enter_as, label, users, words, write_one

pytestmark = pytest.mark.usefixtures("area")
NIK = "9902214507230003"


def test_a_person_gets_everything_that_is_held_of_them_to_read_and_as_a_file() -> None:
    citra, same = child("Citra", nik=NIK), child("Citra Ayu")
    weight = write_one("timbang", "2026-10-01", of=citra, berat=8.2)
    assert care.correct_record(
        weight, author=None, why="Salah baca", changes={"berat": 8.4}, today=TODAY
    ).is_accepted
    write_one("gabung_orang", of=citra, orang=label(same))
    enter = enter_as(users())
    page = words(enter("utara"), f"/orang/{label(citra)}/data/")
    for said in (
        "Semua data tentang Citra",
        NIK,
        "Salah baca",
        "Penimbangan",
        label(same),
        "buka data orang",
    ):
        assert said in page, said
    answer = enter("dinkes").get(f"/orang/{label(citra)}/data/?berkas=json")
    told = json.loads(answer.content)
    assert (told["orang"]["nik"], told["orang"]["nomor_lain"]) == (NIK, [label(same)])
    assert [row["isi"].get("berat") for row in told["catatan"] if row["jenis"] == "timbang"] == [8.2, 8.4]
    assert {row["jenis"] for row in told["catatan"]} == {"daftar_orang", "timbang", "gabung_orang"}
    assert [row["apa"] for row in told["dibuka"]][:1] == ["unduh data orang"], "taking it out is itself held"
    assert enter("kader1").get(f"/orang/{label(citra)}/data/").status_code == 403
    assert enter("selatan").get(f"/orang/{label(citra)}/data/").status_code == 404


def test_a_secret_is_counted_where_it_is_closed(capsys: pytest.CaptureFixture[str]) -> None:
    citra = child("Citra", birth="1990-01-02")
    write_one("tes_infeksi", "2026-10-01", of=citra, jenis="hiv")
    access.add_user(username="kepala", password=WORD, role="kepala", scope_code=NORTH, name="Kepala")
    for user, closed in (("", 1), ("kepala", 0)):
        assert cli.main(["person", "export", label(citra), "--user", user]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["ditutup"] == closed
        assert ("tes_infeksi" in {row["jenis"] for row in told["catatan"]}) is not bool(closed)
    page = words(enter_as({"dinkes": users()["dinkes"]})("dinkes"), f"/orang/{label(citra)}/data/")
    assert "1 catatan rahasia tidak ditampilkan" in page
    assert cli.main(["person", "export", "1-99999"]) == 2
