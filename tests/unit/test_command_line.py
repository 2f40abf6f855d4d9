"""The command line: exit codes that scripts can trust, one kind sentence for a wrong call, pages that are current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from siklus.site.cli import main
from siklus.site.commands.docs import pages
from siklus.site.output import write_rows


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Tuliskan juga PERINTAH."),
        ("need", "'need' tidak dikenal. Maksudnya 'needs'?"),
        ("needs", "Tuliskan salah satu dari --cases --person --place."),
        ("needs --person abc", "'abc' bukan nomor orang; tulis seperti 1-23."),
        ("needs --cases tidak-ada.json", "berkas 'tidak-ada.json' tidak ada."),
        (
            "needs --place 17.02 --on 31-12-2026",
            "'31-12-2026' bukan tanggal; tulis tahun-bulan-hari seperti 2026-11-21.",
        ),
        ("needs --place 17.02 --person 1-2", "Pilih salah satu: --person atau --place."),
        ("needs --place", "Sesudah --place harus ada nilainya."),
        ("coverage --year dua", "'dua' bukan tahun; tulis empat angka seperti 2026."),
        ("coverage --format xml", "'xml' tidak dikenal. Pilihannya: table, json, csv."),
        ("seed --scale kota", "'kota' tidak dikenal."),
        ("state", "Tuliskan juga TINDAKAN."),
        ("rules explain mr9", "'mr9' bukan kebutuhan yang dikenal. Maksudnya 'mr2'?"),
        ("forms show kartu_balta", "'kartu_balta' bukan formulir yang dikenal. Maksudnya 'kartu_balita'?"),
        ("forms show kartu_balita --version 9", "'kartu_balita' tidak punya versi 9."),
        ("doctor --cepat", "'--cepat' tidak dikenal di sini."),
    ],
)
def test_a_wrong_call_gets_one_kind_sentence_and_code_2(
    capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    assert main(words.split()) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"siklus: {sentence}")


def test_the_forms_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "check", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["wrong"] == [] and told["forms"] > 40 and told["questions"] > 1000 and told["reports"] >= 5


def test_a_form_is_shown_as_its_reader_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "show", "kartu_lansia"]) == 0
    text = capsys.readouterr().out
    assert "Untuk: umur 60 tahun atau lebih" in text
    assert "Hitung jari benar 3 kali berturut-turut: ya/tidak, Ya | Tidak [bila masalah pada mata" in text
    assert main(["forms", "show", "kartu_lansia", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith(
        "bagian,id,isian,jenis,satuan,batas,pilihan,wajib,bila,oleh,di,catatan,kode"
    )


def test_the_files_for_phones_hold_every_version(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["forms", "javascript", "--out", str(tmp_path)]) == 0
    written = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    versions = [form["version"] for form in written if form["form"] == "kartu_dewasa_lansia"]
    assert versions == [1, 2] and list(tmp_path.glob("forms-*.js"))
    assert "byte" in capsys.readouterr().out


def test_the_rule_book_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["wrong"] == []


def test_a_faulty_rule_book_is_told_fault_by_fault(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "words.yaml").write_text("kinds:\n  timbang: {berat: kilo, panjang: meter}\n")
    assert main(["rules", "check", "--folder", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "'kilo'" in err and "'meter'" in err


def test_a_rule_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "mr1"]) == 0
    out = capsys.readouterr().out
    assert "umur 9 bulan" in out and "Sumber:" in out


def test_the_generated_pages_are_current(project: Path) -> None:
    stale = [str(path.relative_to(project)) for path, text in pages().items() if path.read_text() != text]
    assert stale == [], "run: siklus docs reference"


def test_a_table_a_csv_and_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"a": "=1+1", "b": None, "c": ["x", "y"]}, {"a": "-3", "b": 2}]
    write_rows(rows, ("a", "b", "c"), "table")
    assert capsys.readouterr().out.splitlines()[2] == "=1+1     x, y"
    write_rows(rows, ("a", "b", "c"), "csv")
    assert capsys.readouterr().out == 'a,b,c\n\'=1+1,,"x, y"\n-3,2,\n', "a spreadsheet runs nothing"
    write_rows(rows, ("a", "b", "c"), "json")
    assert json.loads(capsys.readouterr().out)[1] == {"a": "-3", "b": 2, "c": None}
