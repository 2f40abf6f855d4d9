"""Telaah aturan: each rule beside its source; approvals and questions stay, with who said them and of which text."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.library.loading import load_book
from siklus.library.reviewable import load_reviewables
from siklus.reviews import actions
from siklus.reviews.models import Review
from siklus.reviews.queries import reviews_of
from siklus.site import cli
from tests import village as places
from tests.village import Village

Login = Callable[[str], Client]
MR1 = "/telaah/kebutuhan/mr1/"
PAGES = (
    "/telaah/",
    "/telaah/pertanyaan/",
    "/telaah/bagian/imunisasi/",
    "/telaah/bagian/formulir-posyandu/",
    MR1,
)


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    """The village is planted once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield places.plant()
        transaction.set_rollback(True)


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def rule(name: str = "mr1") -> Any:
    return next(each for each in load_reviewables() if each.name == name)


def say(client: Client, act: str, **more: Any) -> str:
    typed = {"aksi": act, "versi": rule().version, **more}
    return words(client.post(MR1, typed, follow=True))


def user(name: str) -> Any:
    return places.User.objects.get(username=name)


def test_who_serves_people_may_look_and_a_kader_may_not(village: Village, as_user: Login) -> None:
    assert Client().get("/telaah/").status_code == 302
    for name, may in (("dinkes", True), ("puskesmas", True), ("pustu", True), ("kader", False)):
        client = as_user(name)
        assert ("/telaah/" in words(client.get("/"))) is may
        for address in PAGES:
            assert (client.get(address).status_code == 403) is not may, (name, address)


def test_every_rule_has_a_page_with_its_source_confidence_and_words(village: Village, as_user: Login) -> None:
    client = as_user("dinkes")
    by_kind = {each.kind: each for each in load_reviewables()}
    assert set(by_kind) == {"kebutuhan", "penggolongan", "indikator", "formulir"}
    for each in by_kind.values():
        said = words(client.get(f"/telaah/{each.kind}/{each.name}/"))
        assert each.title in said and each.version in said and html.unescape(each.cites) in said
        assert "Keyakinan" in said and "draf" in said
    said = words(client.get(MR1))
    for told in ("umur 9 bulan", "sampai sehari sebelum umur 5 tahun", "Posyandu: bidan atau perawat", "genap 12 bulan",
                 "Seluruh lampiran, menurut salinan teks umum", "batas umur imunisasi kejar"):  # fmt: skip
        assert told in said
    assert client.get("/telaah/kebutuhan/tidakada/").status_code == 404
    assert client.get("/telaah/bagian/tidakada/").status_code == 404


def test_dinkes_approves_with_a_position_and_it_stands_with_name_and_text(
    village: Village, as_user: Login
) -> None:
    client = as_user("dinkes")
    assert "Tulis jabatan atau keahlian Anda" in say(client, "setuju", kata="sesuai Tabel 7")
    assert Review.objects.count() == 0
    said = say(client, "setuju", jabatan="Dokter, Kabid Kesmas", kata="sesuai Tabel 7")
    assert "Persetujuan Anda atas naskah ini dicatat" in said
    assert "Andi Pratama, Dokter, Kabid Kesmas, Kabupaten Contoh" in said
    (row,) = Review.objects.all()
    assert (row.act, row.version, row.rulebook, row.role) == (
        "setuju",
        rule().version,
        load_book().hash,
        "dinkes",
    )
    assert AuditEntry.objects.filter(action="telaah: setuju", subject="kebutuhan mr1").count() == 1
    assert "1 dari" in words(client.get("/telaah/bagian/imunisasi/"))
    assert "draf" in words(client.get("/telaah/"))  # the book itself is no more approved than before


def test_only_dinkes_approves_others_may_ask(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    typed = {"aksi": "setuju", "versi": rule().version, "jabatan": "Bidan"}
    assert client.post(MR1, typed).status_code == 403
    assert "Setujui naskah ini" not in words(client.get(MR1))
    assert "Pertanyaan Anda dicatat" in say(client, "tanya", kata="Mengapa batasnya 5 tahun?")
    assert Review.objects.get().act == "tanya"


def test_a_question_is_listed_answered_and_closed(village: Village, as_user: Login) -> None:
    asker, dinkes = as_user("pustu"), as_user("dinkes")
    assert "Tulis kata-katanya dulu" in say(asker, "tanya", kata=" ")
    say(asker, "tanya", kata="Mengapa batasnya 5 tahun?")
    question = Review.objects.get(act="tanya").pk
    assert "Mengapa batasnya 5 tahun?" in words(dinkes.get("/telaah/pertanyaan/"))
    assert "Ada pertanyaan" in words(dinkes.get(MR1))
    assert (
        asker.post(
            MR1, {"aksi": "jawab", "versi": rule().version, "kata": "x", "pertanyaan": question}
        ).status_code
        == 403
    )
    say(dinkes, "jawab", kata="Buku KIA, kolom kejar.", pertanyaan=question)
    assert "Buku KIA, kolom kejar." in words(asker.get(MR1))
    say(asker, "tutup", pertanyaan=question)
    assert "Tidak ada pertanyaan yang menunggu" in words(dinkes.get("/telaah/pertanyaan/"))
    assert (
        dinkes.post(MR1, {"aksi": "tutup", "versi": rule().version, "pertanyaan": question}).status_code
        == 404
    )


def test_another_asks_may_not_close_a_question_that_is_not_theirs(village: Village, as_user: Login) -> None:
    say(as_user("pustu"), "tanya", kata="Mengapa?")
    question = Review.objects.get().pk
    typed = {"aksi": "tutup", "versi": rule().version, "pertanyaan": question}
    assert as_user("puskesmas").post(MR1, typed).status_code == 403


def test_an_approval_of_an_older_text_no_longer_speaks_for_the_rule(village: Village, as_user: Login) -> None:
    actions.approve(rule(), user=user("dinkes"), rulebook=load_book().hash, position="Dokter")
    Review.objects.get()
    with_old = Review(**{**Review.objects.values("kind", "rule", "rulebook", "act", "name", "role", "position")[0],
                         "version": "naskah-lama", "user": user("puskesmas")})  # fmt: skip
    with_old.save()
    found = reviews_of(rule())
    assert [len(found.approvals), len(found.older)] == [1, 1]
    said = words(as_user("dinkes").get(MR1))
    assert "Menyetujui naskah lama, sebelum berubah" in said and "naskah lama" in said


def test_what_was_read_must_be_what_is_approved(village: Village, as_user: Login) -> None:
    said = say(as_user("dinkes"), "setuju", jabatan="Dokter", versi="naskah-lama")
    assert "berubah sejak Anda membukanya" in said
    assert Review.objects.count() == 0


def test_an_approval_is_withdrawn_by_a_new_row_with_a_reason(village: Village, as_user: Login) -> None:
    client = as_user("dinkes")
    say(client, "setuju", jabatan="Dokter")
    assert "Tulis kata-katanya dulu" in say(client, "tarik")
    say(client, "tarik", kata="Tabel 8 belum dibaca")
    assert [row.act for row in Review.objects.order_by("id")] == ["setuju", "tarik"]
    assert reviews_of(rule()).approvals == ()
    assert "Tabel 8 belum dibaca" in words(client.get(MR1))


def test_rows_are_only_added(village: Village, db: None) -> None:
    actions.approve(rule(), user=user("dinkes"), rulebook=load_book().hash, position="Dokter")
    row = Review.objects.get()
    row.words = "lain"
    for change in (
        row.save, row.delete, Review.objects.all().delete, lambda: Review.objects.update(words="lain")
    ):  # fmt: skip
        with pytest.raises(TypeError):
            change()
    assert Review.objects.get().words == ""


def test_all_is_given_to_who_keeps_the_book(
    village: Village, db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actions.approve(rule(), user=user("dinkes"), rulebook=load_book().hash, position="Dokter", words="sesuai")
    actions.ask(rule("bcg"), user=user("puskesmas"), rulebook=load_book().hash, words="=1+1?")
    out = tmp_path / "telaah.yaml"
    assert cli.main(["knowledge", "reviews", "--format", "yaml", "--out", str(out)]) == 0
    rows = yaml.safe_load(out.read_text(encoding="utf-8"))["reviews"]
    assert [(row["rule"], row["act"], row["is_current"]) for row in rows] == [
        ("mr1", "setuju", True),
        ("bcg", "tanya", True),
    ]
    assert rows[0]["name"] == "Andi Pratama" and rows[0]["position"] == "Dokter"
    capsys.readouterr()
    cli.main(["knowledge", "reviews", "--format", "json", "--open"])
    assert [row["rule"] for row in json.loads(capsys.readouterr().out)["reviews"]] == ["bcg"]
    cli.main(["knowledge", "reviews", "--format", "csv"])
    assert ",'=1+1?," in capsys.readouterr().out  # no formula for a spreadsheet
