"""What sets two rule books apart, in words: rules, values, sources, lists; nothing where nothing differs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library.differences import Difference, Edition, differences
from siklus.library.loading import knowledge_folder, read_book
from siklus.library.sources import read_sources
from siklus.site.cli import main
from tests.unit.rules.small_book import HEAD, book

RULES = f"""{HEAD}values: {{jarak: {{title: jarak, is: 2 months, cites: naskah A, confidence: read}}}}
needs:
  - need: satu
    title: Kebutuhan satu
    who: ya_a
    counts: kunjungan
    opens: birth + jarak
    until: birth + 12 months
  - need: dua
    title: Kebutuhan dua
    who: "true"
    counts: timbang
    every: 12 months since last
    starts: birth
classifications:
  - classification: berat
    title: Berat
    of: timbang
    rows: [{{when: berat < 2.5, is: ringan, do: pustu}}, {{when: otherwise, is: cukup}}]
"""


def told(old: str, new: str) -> list[str]:
    found = differences(Edition(book(old)), Edition(book(new)))
    return [str(difference) for difference in found]


@pytest.mark.parametrize(
    ("instead", "of", "words"),
    [
        (
            "until: birth + 13 months",
            "until: birth + 12 months",
            [
                "Kebutuhan satu: hari terakhir berubah dari sehari sebelum umur 1 tahun menjadi sehari sebelum "
                "umur 13 bulan."
            ],
        ),
        (
            "reach: opportunistic\n    until: birth + 12 months",
            "until: birth + 12 months",
            [
                "Kebutuhan satu: cara menjangkau berubah dari orangnya dicari menjadi saat orangnya bertemu, "
                "untuk keperluan apa pun; tidak masuk daftar."
            ],
        ),
        (
            "is: 3 months, cites: naskah B, confidence: ours",
            "is: 2 months, cites: naskah A, confidence: read",
            [
                "jarak: besarnya berubah dari 2 bulan menjadi 3 bulan.",
                "jarak: sumber berubah dari naskah A menjadi naskah B.",
                "jarak: keyakinan berubah dari dibaca menjadi pilihan kami.",
                "Kebutuhan satu: boleh sejak berubah dari umur 2 bulan menjadi umur 3 bulan.",
            ],
        ),
        ("who: ya_b", "who: ya_a", ["Kebutuhan satu: sasaran berubah dari ya a menjadi ya b."]),
        (
            "every: 6 months since last",
            "every: 12 months since last",
            [
                "Kebutuhan dua: boleh sejak berubah dari 1 tahun sesudah tanggal timbang yang terakhir (bila belum "
                "pernah: birth) menjadi 6 bulan sesudah tanggal timbang yang terakhir (bila belum pernah: birth).",
                "Kebutuhan dua: jadwal berubah dari setiap tahun sejak yang terakhir menjadi setiap 6 bulan sejak yang "
                "terakhir.",
            ],
        ),
        ("need: tiga", "need: dua", ["Kebutuhan dua: baru.", "Kebutuhan dua: dihapus."]),
        (
            "is: ringan, do: segera",
            "is: ringan, do: pustu",
            [
                "Berat: golongan ringan berubah dari berat di bawah 2,5 (ke Pustu, paling lambat besok) menjadi berat "
                "di bawah 2,5 (rujuk sekarang juga)."
            ],
        ),
        ("who: kader", "who: bidan", []),
    ],
)
def test_a_change_is_told_in_words_with_what_it_was(instead: str, of: str, words: list[str]) -> None:
    assert of in RULES or not words
    assert told(RULES, RULES.replace(of, instead)) == words


def test_a_change_of_the_formula_that_no_word_shows_is_said_all_the_same() -> None:
    (found,) = told(RULES, RULES.replace("who: ya_a", 'who: "ya_a and (true or ya_b)"'))
    assert found == "Kebutuhan satu: rumusan berubah dari yang lama menjadi yang baru."


def test_a_new_source_and_another_confidence_of_one_are_told() -> None:
    made, (first, second, *_) = book(RULES), read_sources(knowledge_folder())
    found = differences(Edition(made, (first,)), Edition(made, (first, second)))
    assert found == [Difference("source", second.name, second.cite_as[0], "", "", second.name)]


def test_the_command_compares_two_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = str(knowledge_folder()), tmp_path / "baru"
    shutil.copytree(old, new)
    rules = new / "packages/bayi_balita/imunisasi.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "is: 60 months" in text
    rules.write_text(text.replace("is: 60 months", "is: 48 months", 1), encoding="utf-8")
    assert main(["rules", "diff", old, str(new), "--exit-code"]) == 1
    out = capsys.readouterr().out
    assert (
        "Campak-rubela 2 (MR2): hari terakhir berubah dari sehari sebelum umur 5 tahun menjadi sehari sebelum "
        "umur 4 tahun." in out
    )
    assert main(["rules", "diff", old, old, "--exit-code"]) == 0


def test_the_knowledge_does_not_differ_from_itself() -> None:
    edition = Edition(read_book(knowledge_folder()), read_sources(knowledge_folder()))
    assert differences(edition, edition) == []


def test_a_folder_that_is_none_is_said_kindly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "diff", "tiada", "tiada"]) != 0
    assert "tiada bukan folder" in capsys.readouterr().err


def test_a_rule_book_with_faults_cannot_be_compared() -> None:
    with pytest.raises(ProblemError):
        book(RULES.replace("birth + jarak", "birht"))
