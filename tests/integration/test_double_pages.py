"""Pairs on the desk: side by side, merged, told apart, parted again; and who may do that."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.access.queries import User
from siklus.doubles.keeping import look_at_everybody
from siklus.doubles.models import DIFFERENT, MERGED, NEW, Pair
from siklus.kernel.dates import iso
from siklus.monitoring.actions import settle
from tests.integration import area as places
from tests.integration import contents
from tests.integration.area import child, enter_as, label, words, write_one

WHY = "KTP-nya satu, sudah ditanyakan"


@pytest.fixture
def pair(users: dict[str, User], settings: Any) -> Pair:
    """One child of the north, written down in two of its posyandu."""
    settings.SIKLUS_TODAY = iso(places.TODAY)
    one, other = (
        child("Ani Lestari", nama_ortu="Rini"),
        child("Anni Lestari", 2, nama_ortu="Rini", hp="0800-1"),
    )
    write_one("imunisasi", "2026-02-10", of=one, vaksin="bcg")
    write_one("imunisasi", "2026-10-10", of=other, vaksin="mr")
    write_one("tes_infeksi", "2026-10-02", of=other, jenis="hiv", hasil="negatif")
    settle([one, other], places.TODAY)
    look_at_everybody()
    return Pair.objects.get()


def everything() -> dict[str, Any]:
    """The register, the needs and the figures."""
    sums = contents.rows("monitoring.Coverage", with_id=False)
    return {
        **contents.derived(),
        "units": contents.rows("monitoring.CoverageUnit", with_id=False),
        "sums": sums,
    }


def send(client: Client, pair: Pair, **said: str) -> Any:
    return client.post(f"/ganda/{pair.pk}/", {"alasan": WHY, **said}, follow=True)


def test_side_by_side_says_what_differs_and_hides_what_is_closed(users: dict[str, User], pair: Pair) -> None:
    officer = enter_as(users)("utara")
    listed = words(officer, "/ganda/")
    for said in ("Ani Lestari · Anni Lestari", "sangat mungkin", "nama sama", "tanggal lahir sama"):
        assert said in listed, said
    shown = words(officer, f"/ganda/{pair.pk}/")
    for said in ("Nama · berbeda", "Melati 1", "Melati 2", "0800-1", "10 Feb 2026", "10 Okt 2026"):
        assert said in shown, said
    assert "Tes infeksi" in shown or "HIV" in shown
    beside = words(enter_as(users)("dinkes"), f"/ganda/{pair.pk}/")
    assert "2 Okt 2026" in shown and "2 Okt 2026" not in beside
    assert AuditEntry.objects.filter(action="bandingkan orang").count() == 2


def test_merging_asks_twice_and_parting_leaves_everything_as_it_was(
    users: dict[str, User], pair: Pair
) -> None:
    officer, before = enter_as(users)("utara"), everything()
    asked = send(officer, pair, aksi="gabung", tinggal=label(pair.one))
    assert "Gabungkan dua data ini?" in asked.content.decode() and Pair.objects.get().state == NEW
    done = send(officer, pair, aksi="pasti", tinggal=label(pair.one))
    assert done.redirect_chain[-1][0] == f"/orang/{label(pair.one)}/gabungan/"
    row = Pair.objects.get()
    person = apps.get_model("register.Person")._default_manager.get(id=pair.other)
    assert (row.state, row.decided_by, row.why) == (MERGED, users["utara"], WHY)
    assert (person.merged_into, everything() == before) == (pair.one, False)
    assert "sudah diputuskan" in send(officer, pair, aksi="pasti", tinggal=label(pair.one)).content.decode()
    assert "Data gabungan" in words(officer, f"/orang/{label(pair.one)}/")

    address = f"/orang/{label(pair.one)}/gabungan/"
    assert "Tulis alasannya" in officer.post(address, {"pisah": label(row.merge or 0)}).content.decode()
    parted = officer.post(address, {"pisah": label(row.merge or 0), "alasan": "dua orang"})
    assert parted.status_code == 302
    assert everything() == before
    row.refresh_from_db()
    assert (row.state, row.merge, row.why) == (DIFFERENT, None, "dua orang")
    assert look_at_everybody().new == 0 and Pair.objects.get().state == DIFFERENT
    told = AuditEntry.objects.filter(action__in=("gabungkan orang", "pisahkan orang"))
    assert told.count() == 2 and all("Lestari" not in line.subject for line in told)


def test_two_persons_told_apart_wait_no_more(users: dict[str, User], pair: Pair) -> None:
    officer, before = enter_as(users)("utara"), everything()
    assert "Tulis alasannya" in send(officer, pair, aksi="bukan", alasan=" ").content.decode()
    assert "Pilih data siapa" in send(officer, pair, aksi="gabung").content.decode()
    assert "bukan orang yang sama" in send(officer, pair, aksi="bukan").content.decode().casefold()
    assert Pair.objects.get().state == DIFFERENT and everything() == before
    assert "Tidak ada pasangan" in words(officer, "/ganda/")
    assert WHY in words(officer, "/ganda/?keadaan=bukan")


def test_a_pair_across_two_puskesmas_is_decided_by_the_dinkes(users: dict[str, User], pair: Pair) -> None:
    write_one("pindah", of=pair.other, desa=places.DESAS[2], posyandu=places.POSYANDU[2])
    look_at_everybody()
    enter = enter_as(users)
    north, south = enter("utara"), enter("selatan")
    for client, own, other in ((north, "Ani Lestari", "Anni"), (south, "Anni Lestari", "Ani ")):
        shown = words(client, "/ganda/")
        assert "1 orang di wilayah Anda mungkin tercatat juga di puskesmas lain" in shown
        assert own in shown and other not in shown
        assert client.get(f"/ganda/{pair.pk}/").status_code == 404
        assert client.post(f"/ganda/{pair.pk}/", {"aksi": "bukan", "alasan": WHY}).status_code == 404
    dinkes = enter("dinkes")
    send(dinkes, pair, aksi="pasti", tinggal=label(pair.one))
    assert Pair.objects.get().state == MERGED
    shown = words(north, f"/orang/{label(pair.one)}/gabungan/")
    assert "seorang di puskesmas lain" in shown and "Anni" not in shown
    merge = {"pisah": label(Pair.objects.get().merge or 0), "alasan": WHY}
    assert north.post(f"/orang/{label(pair.one)}/gabungan/", merge).status_code == 404
    assert dinkes.post(f"/orang/{label(pair.one)}/gabungan/", merge).status_code == 302


def test_a_kader_and_a_pustu_do_not_decide(users: dict[str, User], pair: Pair) -> None:
    for name in ("kader1", "pustu"):
        client = enter_as(users)(name)
        assert client.get("/ganda/").status_code == client.get(f"/ganda/{pair.pk}/").status_code == 403
        assert "Kemungkinan ganda" not in words(client, "/")
