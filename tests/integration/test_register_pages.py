"""Somebody comes into the register at the desk: once, in the own area, and only after who is known was shown."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.access.queries import User
from siklus.care.models import Need, Record
from siklus.doubles.models import Pair
from siklus.kernel.dates import iso
from siklus.register.identity import NIK, indexes
from tests.integration import area as places
from tests.integration.area import DESAS, POSYANDU, child, draft, enter_as, label, words, write

PERSON, FAMILY, BIRTH = "/daftar/daftar_orang/", "/daftar/daftar_keluarga/", "/daftar/kelahiran/"
ANI = {
    "nama": "Anni Lestari",
    "birth": "02/01/2026",
    "sex": "p",
    "nama_ortu": "Rini",
    "posyandu": POSYANDU[0],
}


@pytest.fixture
def enter(users: dict[str, User], settings: Any) -> Any:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    return enter_as(users)


def form_of(page: str) -> dict[str, Any]:
    """The last form of a page, as a browser would send it."""
    page = page[page.rindex("<form") : page.rindex("</form>")] if page.count("<form") else page
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{word}="([^"]*)"', tag) for word in ("name", "value"))
        if name is not None:
            sent.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


def main_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def go(client: Client, address: str, **typed: Any) -> Any:
    """Through both parts of the form, without a word to whoever may be meant."""
    shown = form_of(main_of(client.get(address)))
    while True:
        answer = client.post(address, {**shown, **typed}, follow=True)
        if answer.redirect_chain or 'name="bagian-formulir" value="lengkap"' not in (page := main_of(answer)):
            return answer
        before, shown = shown, form_of(page)
        if before.get("bagian-formulir") == ["lengkap"]:
            return answer


def people() -> Any:
    return apps.get_model("register.Person")._default_manager


def test_somebody_who_is_in_no_list_is_registered_and_asked_for_at_once(enter: Any) -> None:
    officer = enter("utara")
    found = words(officer, "/cari/?q=Anni")
    assert "Memang belum terdaftar? Daftarkan: Pendaftaran orang Kelahiran Pendaftaran keluarga" in found
    assert 'name="nama" type="text" maxlength="120" autocomplete="off" value="Anni"' in (
        officer.get(f"{PERSON}?nama=Anni").content.decode()
    )
    answer = go(officer, PERSON, **ANI, nik="99 0206 420126 0001")
    person = people().get()
    assert answer.redirect_chain == [(f"/orang/{label(person.id)}/", 302)]
    assert (person.name, iso(person.birth), person.posyandu_code) == (
        "Anni Lestari",
        "2026-01-02",
        POSYANDU[0],
    )
    assert person.nik_index in indexes(NIK, ["9902064201260001"])
    assert Need.objects.filter(person_id=person.id).exists(), "folded at once"
    kept = Record.objects.order_by("seq")
    assert [row.kind for row in kept] == ["daftar_orang", "isian_formulir"]
    assert "daftar_orang/1" in kept[0].data and "9902064201260001" not in kept[0].data
    (line,) = AuditEntry.objects.filter(action="daftarkan")
    assert (line.subject, line.detail) == (label(person.id), "daftar_orang")
    assert "Daftarkan" in words(officer, "/") and "Pendaftaran keluarga" in words(officer, "/daftar/")


def test_a_form_sent_twice_registers_one_and_a_lost_session_changes_nothing(enter: Any) -> None:
    officer = enter("utara")
    sent = {**form_of(main_of(officer.get(PERSON))), **ANI, "bagian-formulir": "lengkap"}
    for _twice in range(2):
        answer = officer.post(PERSON, sent, follow=True)
        officer = enter("utara")
    assert "sudah disimpan tadi" in answer.content.decode()
    assert people().count() == 1


def test_what_is_not_known_may_stay_empty_and_what_is_wrong_comes_back_with_what_to_do(enter: Any) -> None:
    officer = enter("utara")
    page = main_of(go(officer, PERSON, birth="31/02/2020", nik="123"))
    for said in ("Nama belum diisi", "tidak ada di kalender", "Harus 16 angka", "Belum disimpan"):
        assert said in page, said
    assert 'value="31/02/2020"' in page
    assert 'value="2"' not in page
    late = main_of(go(officer, PERSON, **{**ANI, "birth": "22/11/2026"}))
    assert "belum terjadi" in late or "sesudah" in late
    assert not people().exists()
    go(officer, PERSON, nama="Mbah Slamet", sex="l", posyandu=POSYANDU[0])
    assert people().get().birth is None


def test_who_may_be_meant_is_shown_before_anything_is_kept(enter: Any) -> None:
    known = child("Ani Lestari", nama_ortu="Rini")
    officer = enter("utara")
    answer = go(officer, PERSON, **ANI)
    page = main_of(answer)
    for said in (
        "Mungkin sudah terdaftar",
        "Ani Lestari",
        f"/orang/{label(known)}/",
        "tanggal lahir sama",
        "Melati 1",
    ):
        assert said in page, said
    assert people().count() == 1
    (line,) = AuditEntry.objects.filter(action="mungkin sudah terdaftar")
    assert (line.subject, line.user.username) == (label(known), "utara")
    back = main_of(officer.post(PERSON, {**form_of(page), "aksi-daftar": "kembali"}))
    assert 'value="Anni Lestari"' in back
    whole = main_of(officer.post(PERSON, {**form_of(page), "aksi-daftar": "lanjut"}))
    assert "Mungkin sudah terdaftar" not in whole and 'value="lengkap"' in whole
    done = officer.post(PERSON, form_of(whole), follow=True)
    assert done.redirect_chain and people().count() == 2
    assert Pair.objects.get().one == known, "it is still asked whether they are one"


def test_of_somebody_outside_the_area_nothing_is_told_but_that_there_is_somebody(enter: Any) -> None:
    nik = "9902064201260001"
    known = child("Ani Lestari", 3, nama_ortu="Rini Rahayu", nik=nik, hp="0800-1")
    child("Anni Lestari", 4, nama_ortu="Rini")
    page = main_of(go(enter("utara"), PERSON, **ANI, nik=nik))
    assert "mungkin sudah terdaftar di luar wilayah Anda" in page
    assert "minta petugas di sana menitipkan" in page and "Pertolongan darurat" in page
    shown = page.replace(html.escape(ANI["nama"]), "").replace("Yang Anda tulis", "")
    for told in (
        label(known),
        "Ani Lestari",
        "Rahayu",
        "0800",
        "Melati 3",
        "Desa 3",
        "Selatan",
        "NIK sama",
        nik[:12],
    ):
        assert told not in re.sub(r'<input type="hidden" name="nik"[^>]*>', "", shown), told
    assert page.count('name="bukan-mereka"') == 1, "not how many"
    lines = AuditEntry.objects.filter(action="mungkin sudah terdaftar di luar")
    assert label(known) in {line.subject for line in lines}
    assert "Pertolongan darurat" not in main_of(go(enter("kader1"), PERSON, **ANI, nik=nik))


def test_nobody_registers_into_another_area(users: dict[str, User], enter: Any) -> None:
    home = write(draft("daftar_keluarga", no_kk="9900000000000012", desa=DESAS[2], posyandu=POSYANDU[2]))[0]
    far = label(home.household_id or 0)
    officer = enter("utara")
    assert officer.get(f"{PERSON}?keluarga={far}").status_code == 404
    for wrong in ({"posyandu": POSYANDU[2]}, {"keluarga": far}, {"keluarga": "9900000000000012"}):
        page = main_of(go(officer, PERSON, **{**ANI, **wrong}))
        assert "Pilih salah satu" in page or "tidak ada di wilayah Anda" in page, wrong
    pustu = main_of(go(enter("pustu"), PERSON, nama="Siapa", sex="l", desa="", posyandu=""))
    assert "supaya Anda dapat melihatnya lagi" in pustu
    assert not people().exists() and Record.objects.count() == 1
    for name in ("dinkes",):
        assert enter(name).get(PERSON).status_code == 403


def test_a_kader_registers_into_her_posyandu_and_is_not_asked_what_is_not_hers(enter: Any) -> None:
    kader = enter("kader1")
    page = main_of(kader.get(PERSON))
    assert f'value="{POSYANDU[0]}"' not in page or "selected" in page
    sent = {**form_of(page), "nama": "Dewi Lestari", "birth": "17/05/1990", "sex": "p", "seksual_aktif": "ya"}
    whole = main_of(kader.post(PERSON, sent))
    assert 'name="seksual_aktif"' not in whole and 'name="berat_lahir"' not in whole
    assert form_of(whole)["posyandu"] == [POSYANDU[0]], "the only one there is"
    kader.post(PERSON, {**form_of(whole), "seksual_aktif": "ya"})
    person = people().get()
    assert person.posyandu_code == POSYANDU[0] and "seksual_aktif" not in person.facts
    assert Record.objects.get(kind="isian_formulir").author.username == "kader1"


def test_a_new_family_then_its_head_then_a_newborn_of_a_mother_in_it(enter: Any) -> None:
    officer = enter("utara")
    card = {"no_kk": "9900000000000012", "alamat": "Jalan Kopi 12", "rt": "02", "rw": "01", "desa": DESAS[0]}
    answer = go(officer, FAMILY, **card, posyandu=POSYANDU[0], jkn="ya", jenis_jamban="leher_angsa")
    address = answer.redirect_chain[-1][0]
    assert "kepala keluarga dahulu" in answer.content.decode()
    assert {row.kind for row in Record.objects.all()} >= {"daftar_keluarga", "data_rumah", "periksa_rumah"}
    family = address.split("/")[2]
    assert f"{PERSON}?keluarga={family}" in main_of(officer.get(address))
    again = main_of(go(officer, FAMILY, **card))
    assert "No. KK sama" in again and f"/keluarga/{family}/" in again
    mother = {"nama": "Rini Rahayu", "birth": "17/05/1995", "sex": "p", "hubungan": "kepala_keluarga"}
    assert go(officer, f"{PERSON}?keluarga={family}", **mother).redirect_chain[-1][0] == address
    rini = people().get()
    assert (rini.household_id, rini.desa_code) == (
        apps.get_model("register.Household")._default_manager.get().id,
        DESAS[0],
    )
    born = {
        "nama": "Bayi Ny. Rini",
        "birth": "20/11/2026",
        "sex": "l",
        "hubungan": "anak",
        "ibu": label(rini.id),
    }
    go(officer, f"{BIRTH}?keluarga={family}", **born)
    assert people().get(name="Bayi Ny. Rini").mother_id == rini.id
    by_number = {"nama": "Tuti Lestari", "sex": "p", "keluarga": "99 0000 0000 0000 12"}
    go(officer, PERSON, **by_number)
    assert people().get(name="Tuti Lestari").household_id == rini.household_id


def test_what_is_longer_than_its_column_is_cut_in_lists_and_whole_in_the_log(enter: Any) -> None:
    long = {"alamat": "Jalan " + "x" * 190, "rt": "RT 001 RW 002", "desa": DESAS[0], "posyandu": POSYANDU[0]}
    assert go(enter("utara"), FAMILY, **long).redirect_chain
    home = apps.get_model("register.Household")._default_manager.get()
    assert home.rt == "RT 00" and "RT 001 RW 002" in Record.objects.get(kind="daftar_keluarga").data
    child("A" * 170, hp="0812" * 6)
    assert (len(people().get().name), len(people().get().phone)) == (150, 20)
