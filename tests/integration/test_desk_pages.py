"""The desk's pages over a planted village: who may see whom, numbers that open to as many people, what is logged."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from siklus.access.models import AuditEntry
from siklus.care import actions as care
from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.monitoring import actions as monitoring
from siklus.records.drafts import DraftRecord
from tests import village as places
from tests.village import Village

Login = Callable[[str], Client]
EVERYWHERE = ("/", "/bahaya/", "/kebutuhan/", "/cari/?q=a", "/cari/")


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    """The village is planted once; what a test changes is taken back after it, the village after them all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield places.plant()
        transaction.set_rollback(True)


def read(client: Client, address: str) -> str:
    """The words of a page that must be there."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return html.unescape(response.content.decode())


def person(key: int) -> str:
    return f"/orang/{format_record_id(key)}/"


def family(key: int) -> str:
    return f"/keluarga/{format_record_id(key)}/"


def test_every_page_asks_who_is_there(village: Village) -> None:
    for address in (*EVERYWHERE, person(village.arkana), family(village.family), "/spm/", "/spm/spm04/",
                    "/kebutuhan/unduh/", "/spm/spm04/unduh/"):  # fmt: skip
        response = Client().get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/masuk/?next=")


def test_nobody_outside_the_scope_can_be_reached_by_any_address(village: Village, as_user: Login) -> None:
    strangers = {
        "puskesmas": (village.stranger, village.strange_family),
        "pustu": (village.stranger, village.strange_family),
        "kader": (village.pregnant, village.strange_family),
        "puskesmas2": (village.arkana, village.family),
    }
    elsewhere = {"puskesmas": places.OTHER_POSYANDU, "pustu": places.OTHER_DESA, "kader": places.SECOND_POSYANDU,
                 "puskesmas2": places.PUSKESMAS}  # fmt: skip
    for username, (somebody, home) in strangers.items():
        client, area = as_user(username), elsewhere[username]
        for address in (
            person(somebody), family(home), f"/kebutuhan/?wilayah={area}",
            f"/kebutuhan/unduh/?wilayah={area}", f"/spm/?wilayah={area}", f"/spm/spm04/?wilayah={area}",
            f"/spm/spm04/unduh/?wilayah={area}",
        ):  # fmt: skip
            refused = 403 if username == "kader" and address.startswith("/spm/") else 404
            assert client.get(address).status_code == refused, (username, address)
    assert "Asing Permana" not in read(as_user("puskesmas"), "/cari/?q=9902071203920009")
    assert "Asing Permana" not in read(as_user("puskesmas"), "/kebutuhan/?status=semua")


def test_the_dinkes_sees_the_district_and_names_only_after_a_puskesmas_is_chosen(
    village: Village, as_user: Login
) -> None:
    client = as_user("dinkes")
    wide = read(client, "/kebutuhan/")
    assert "Pilih puskesmas untuk melihat nama" in wide
    assert "Hj. Rukmini" not in wide
    assert "Hj. Rukmini" in read(client, f"/kebutuhan/?wilayah={places.PUSKESMAS}")
    assert client.get(person(village.stranger)).status_code == 200


def test_a_pustu_chosen_by_its_puskesmas_shows_the_villages_it_serves(
    village: Village, as_user: Login
) -> None:
    whole, of_pustu = (
        read(as_user("puskesmas"), f"/kebutuhan/{query}") for query in ("", f"?wilayah={places.PUSTU}")
    )
    assert "Yang perlu dilayani: Pustu Contoh Cawang" in of_pustu
    counted = [re.search(r"<b>(\d+) orang</b>", page) for page in (whole, of_pustu)]
    assert counted[0] and counted[1] and counted[0][1] == counted[1][1]  # it serves the only village


def test_looking_at_names_leaves_a_line_in_the_audit_without_a_name(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    before = AuditEntry.objects.count()
    read(client, person(village.arkana))
    read(client, "/kebutuhan/")
    read(client, "/spm/spm04/?komponen=timbang_8")
    client.get("/kebutuhan/unduh/")
    entries = list(AuditEntry.objects.order_by("id")[before:])
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("lihat orang", format_record_id(village.arkana)),
        ("lihat daftar nama", "kebutuhan"),
        ("lihat daftar nama", "spm04"),
        ("unduh daftar nama", "kebutuhan"),
    ]
    assert not any("Arkana" in entry.detail or "9902" in entry.subject for entry in entries)


def test_every_number_of_the_home_page_opens_to_as_many_people(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    doors = re.findall(r'<a class="go" href="(/(?:kebutuhan|bahaya)/[^"]*)">([\d.]+)</a>', read(client, "/"))
    assert len(doors) > 10
    assert sum(address.startswith("/bahaya/") for address, _number in doors) == 2
    for address, number in doors:
        assert f"<b>{number} orang</b>" in read(client, address), address


def test_every_number_of_the_spm_page_opens_to_as_many_names(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    doors = re.findall(r'href="(/spm/[^"]*)">(?:\+ )?([\d.]+)(?: belum jelas)?</a>', read(client, "/spm/"))
    assert len(doors) > 8
    for address, number in doors:
        listed = read(client, address)
        assert f"dari {number}</b>" in listed, address
        assert len(re.findall(r'<a class="go" href="/orang/', listed)) == int(number), address


def test_every_page_says_that_the_data_are_invented_and_of_when_they_are(
    village: Village, as_user: Login
) -> None:
    client = as_user("puskesmas")
    pages = (*EVERYWHERE, person(village.arkana), family(village.family), "/spm/", "/spm/spm04/")
    for address in pages:
        page = read(client, address)
        assert page.count("Data contoh") == 2, address  # on the screen, and again in the head of the print
        assert "Keadaan per <b>12 Nov 2026" in page, address
    assert "Data contoh" in read(Client(), "/masuk/")


def test_figures_of_an_earlier_day_say_so(village: Village, as_user: Login, settings: Any) -> None:
    client = as_user("puskesmas")
    assert "belum per hari ini" not in read(client, "/kebutuhan/")
    settings.SIKLUS_TODAY = iso(places.TODAY + 1)
    for address in ("/", "/kebutuhan/"):
        page = read(client, address)
        assert "Keadaan per <b>12 Nov 2026</b>" in page
        assert "dihitung per 12 Nov 2026, belum per hari ini" in page


def test_a_child_is_shown_with_the_reason_the_source_and_how_sure_we_are(
    village: Village, as_user: Login
) -> None:
    page = read(as_user("puskesmas"), person(village.arkana))
    assert "Campak-rubela 1 (MR1)" in page
    assert "mulai umur 9 bulan (11 Okt 2026), belum tercatat" in page
    assert "Bidan, perawat: posyandu, pustu" in page
    assert re.search(r"KMK 2015/2023 Tabel 7[^<]*<b>\(dibaca\)</b>", page)
    assert "Menolak pada 8 Okt 2026" in page
    assert "990206 •••••• 0007" in page
    assert "9902061101260007" not in page


def test_a_corrected_record_shows_what_it_replaced_and_why(village: Village, as_user: Login) -> None:
    page = read(as_user("puskesmas"), person(village.arkana))
    weight = "Berat badan 6,1 kg · nilai z: BB/U -0,27"
    assert f'<s class="void">Berat badan 5,1 kg</s> {weight}. Dibetulkan: salah ketik' in page
    assert "Riwayat" in page


def test_a_void_record_stays_visible_and_struck(village: Village, as_user: Login) -> None:
    author = places.User.objects.get(username="puskesmas")
    care.void_record(village.weight, author=author, why="anak lain", today=places.TODAY)
    page = read(as_user("puskesmas"), person(village.arkana))
    assert '<s class="void">Berat badan 6,1 kg</s>. Dibatalkan: anak lain' in page


def test_a_health_worker_reads_how_big_a_child_is_for_its_age_and_a_kader_only_what_to_do(
    village: Village, as_user: Login
) -> None:
    author = places.User.objects.get(username="puskesmas")
    weighings = [
        DraftRecord(kind="timbang", on=places.TODAY - 30, person=village.arkana, data={"berat": 25.0}),
        DraftRecord(
            kind="timbang", on=places.TODAY, person=village.arkana, data={"berat": 6.0, "panjang": 66.0}
        ),
    ]
    care.append_records(weighings, author=author, today=places.TODAY)
    page = read(as_user("puskesmas"), person(village.arkana))
    assert "nilai z: BB/U -3,75, PB/U -3,2, BB/PB -2,83, IMT/U -2,74" in page
    assert "nilai z: BB/U 13,26 (tidak wajar, ukur ulang)" in page
    notices = re.findall("<p>([^<]*dicatat 12 Nov 2026)</p>", page)
    assert len(notices) == 1 and "Sangat pendek untuk umurnya. · " in notices[0]
    page = read(as_user("kader"), person(village.arkana))
    assert "Perlu diperiksa di Pustu atau Puskesmas" in page
    assert not re.search("nilai z|BB/U|gizi (kurang|buruk)|pendek", page, re.IGNORECASE)


def test_a_danger_is_said_first_and_a_kader_reads_what_to_do_but_no_disease(
    village: Village, as_user: Login
) -> None:
    for_officer = read(as_user("puskesmas"), person(village.grandmother))
    assert "Bahaya. Ke Puskesmas sekarang" in for_officer
    assert "Kontrol hipertensi bulanan" in for_officer
    client = as_user("kader")
    for address in (person(village.grandmother), family(village.family), "/kebutuhan/", "/bahaya/", "/"):
        page = read(client, address)
        assert "hipertensi" not in page.lower(), address
    assert "Bahaya. Ke Puskesmas sekarang" in read(client, person(village.grandmother))
    for address in ("/", "/bahaya/"):
        assert "Hj. Rukmini" in read(client, address)
        assert "Ke Puskesmas sekarang" in read(client, address)
    assert "Perlu diperiksa di Pustu atau Puskesmas" in read(client, "/kebutuhan/")
    assert b"hipertensi" not in client.get("/kebutuhan/unduh/").content.lower()
    assert client.get("/spm/").status_code == 403


def test_the_words_for_the_family_stand_under_a_need_and_give_a_kader_nothing_away(
    village: Village, as_user: Login
) -> None:
    client = as_user("kader")
    page = read(client, person(village.arkana))
    assert "Yang disampaikan kepada keluarga" in page
    assert "Campak dapat membuat anak sakit berat dan mudah menular." in page
    assert "<dt>Ajak bicara:</dt> <dd>Apakah anak sudah mendapat imunisasi campak-rubela?</dd>" in page
    assert 'catat sebagai Edukasi: <span lang="id">Imunisasi</span>' in page
    for_kader = read(client, person(village.grandmother))
    assert "Ada hasil pemeriksaan yang perlu segera dilihat petugas kesehatan." in for_kader
    assert "Ada pemeriksaan yang perlu dilanjutkan di Pustu atau Puskesmas" in for_kader
    assert "tekanan darah sangat tinggi" not in for_kader.lower()
    assert "ada hal penting yang perlu disampaikan sekarang" in for_kader
    for_officer = read(as_user("puskesmas"), person(village.grandmother))
    assert "Tekanan darah sangat tinggi dan dapat membahayakan jantung atau otak." in for_officer
    assert "Catat edukasi" in for_officer and "Catat edukasi" not in for_kader
    form = read(
        as_user("puskesmas"), f"{person(village.grandmother)}catat/?jenis-catatan=edukasi&topik=tanda_bahaya"
    )
    assert re.search('<option value="tanda_bahaya"[^>]*selected', form) and 'value="12/11/2026"' in form
    client = as_user("puskesmas")
    client.post("/bahasa/setlang/", {"language": "en", "next": "/"})
    assert '<p lang="en"><b>Measles can make a child very ill' in read(client, person(village.arkana))


def test_advice_of_a_measurement_is_worth_talking_about_and_no_alert(
    village: Village, as_user: Login
) -> None:
    author = places.User.objects.get(username="puskesmas")
    waist = DraftRecord(kind="ukur_lp", on=places.TODAY, person=village.mother, data={"lingkar": 91.0})
    pressure = DraftRecord(
        kind="ukur_td", on=places.TODAY, person=village.mother, data={"sistolik": 132, "diastolik": 80}
    )
    care.append_records([waist, pressure], author=author, today=places.TODAY)
    page = read(as_user("puskesmas"), person(village.mother))
    assert "Yang baik dibicarakan (2)" in page
    assert "Lingkar perut lebih besar dari yang baik" in page and "Tekanan darah sedikit naik" in page
    page = read(as_user("kader"), person(village.mother))
    assert "Yang baik dibicarakan (1)" in page and "Tekanan darah sedikit naik" not in page


def test_somebody_without_a_birth_date_is_unknown_in_one_line_and_never_fine(
    village: Village, as_user: Login
) -> None:
    page = read(as_user("puskesmas"), f"/kebutuhan/?wilayah={places.SECOND_POSYANDU}")
    assert re.search(
        r">\d+ layanan</span>.*</b> <span class=\"small since\">· tidak ada: Tanggal lahir<", page
    )
    assert "umur belum diketahui" in page


def test_a_name_that_looks_like_a_formula_is_text_in_the_workbook(village: Village, as_user: Login) -> None:
    author = places.User.objects.get(username="puskesmas")
    draft = DraftRecord(
        kind="daftar_orang", on=places.TODAY,
        data={"nama": "=1+2", "birth": "1980-01-01", "sex": "l", "posyandu": places.POSYANDU, "desa": places.DESA},
    )  # fmt: skip
    (outcome,) = care.append_records([draft], author=author, today=places.TODAY)
    assert outcome.person_id is not None
    monitoring.settle([outcome.person_id], places.TODAY)
    response = as_user("puskesmas").get("/kebutuhan/unduh/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0][:5] == ["Desa", "Posyandu", "RT", "Keluarga", "Nama"]
    assert "=1+2" in {row[4] for row in rows[1:]}
    assert "9902061101260007" in {row[5] for row in rows[1:]}  # a NIK stays text


def test_the_list_downloads_as_many_people_as_it_says(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    said = re.search(r"<b>(\d+) orang</b>", read(client, "/kebutuhan/"))
    assert said is not None
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/kebutuhan/unduh/").content))
    names = {row[4] for row in sheet.get_sheet_by_index(0).to_python()[1:]}
    assert len(names) == int(said[1])


def test_a_list_of_what_a_place_can_do_has_nobody_who_has_to_go_elsewhere(
    village: Village, as_user: Login
) -> None:
    client, book = as_user("puskesmas"), load_book()
    data = client.get("/kebutuhan/unduh/?di=posyandu").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    there = {need.title for need in book.needs if any(each.at == "posyandu" for each in need.by)}
    assert rows and {row[9] for row in rows} <= there
    said = re.search(r"<b>(\d+) orang</b>", read(client, "/kebutuhan/?di=posyandu"))
    assert said is not None and int(said[1]) == len({row[4] for row in rows})
    assert "Hari posyandu" in read(client, f"/kebutuhan/?wilayah={places.POSYANDU}")


def test_one_search_box_takes_a_name_a_nik_or_a_family_card(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    assert "Arkana Putra Wijaya" in read(client, "/cari/?q=wijaya+ark")
    assert "Siti Marlina" in read(client, "/cari/?q=9902061101240001")
    straight = client.get("/cari/?q=9902061101260007")
    assert (straight.status_code, straight.headers["Location"]) == (302, person(village.arkana))
    assert "Tidak ada “tidakada”" in read(client, "/cari/?q=tidakada")


def test_hostile_words_in_an_address_do_no_harm(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    page = client.get("/cari/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    for address in (
        "/kebutuhan/?hal=-1&paket=x&status=y&layanan=z", "/kebutuhan/?hal=99999999999999999999",
        "/spm/?tahun=1e9&dari=x", "/spm/spm04/?lihat=x&komponen=y&hal=0",
        f"/orang/{format_record_id(village.arkana)}/?buka=x",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    for address in (
        "/orang/0-0/",
        "/orang/9999999-9999999999/",
        "/orang/1-999999/",
        "/spm/tidak-ada/",
        "/keluarga/1-5/",
    ):
        assert client.get(address).status_code == 404, address


def test_english_is_one_button_away_and_keeps_the_page(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    assert '<html lang="id">' in read(client, "/")
    assert '<html lang="id">' in client.get("/", headers={"accept-language": "en"}).content.decode()
    client.post("/bahasa/setlang/", {"language": "en", "next": "/kebutuhan/"})
    page = read(client, "/kebutuhan/")
    assert '<html lang="en">' in page
    assert "Overdue" in page
    assert "Sample data" in page


def test_a_wrong_password_says_neither_which_part_was_wrong_nor_goes_on_for_ever(village: Village) -> None:
    client = Client()
    for name in ("puskesmas", "tidak-ada"):
        page = client.post("/masuk/", {"username": name, "password": "salah"}).content.decode()
        assert "Nama pengguna atau kata sandi tidak cocok" in page
        assert f'value="{name}"' in page
    for _ in range(9):
        page = client.post("/masuk/", {"username": "puskesmas", "password": "salah"}).content.decode()
    assert "Terlalu sering salah" in page
    right = client.post("/masuk/", {"username": "puskesmas", "password": places.PASSWORD})
    assert right.status_code == 200


def test_after_login_only_an_address_of_ours_is_followed(village: Village) -> None:
    known = {"username": "puskesmas", "password": places.PASSWORD}
    assert Client().post("/masuk/", {**known, "next": "https://jahat.example/"}).headers["Location"] == "/"
    assert Client().post("/masuk/", {**known, "next": "/spm/"}).headers["Location"] == "/spm/"


def test_leaving_is_posted_and_ends_the_session(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert client.get("/").status_code == 302
