"""Every sentence of the import is said somewhere, and whatever is found has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

from siklus.exchange.excel.words import CATALOGUE, REASONS, Finding, reasons

_KINDS = ("nik", "kk")  # read by one parser, told in words of their own


def _source(project: Path) -> str:
    files = sorted((project / "src/siklus/exchange/excel").glob("*.py"))
    return "\n".join(file.read_text() for file in files if file.name != "words.py")


def test_whatever_is_found_has_a_sentence_and_no_sentence_is_left_unsaid(project: Path) -> None:
    source = _source(project)
    said = {code for code in CATALOGUE if f'"{code}"' in source}
    said |= {f"{kind}_{rest}" for kind in _KINDS for rest in re.findall(r'f"\{kind\}_(\w+)"', source)}
    assert set(CATALOGUE) - said == set()
    found = set(re.findall(r'(?:Finding|Refused|_fault)\(\s*"(\w+)"', source))
    assert found - set(CATALOGUE) == set()


def test_a_finding_says_its_values_in_words_and_reasons_are_words_too() -> None:
    finding = Finding("maybe_same", {"known": "Sari", "score": "80", "reasons": "name:87,birth_same"})
    assert finding.why() == "Mungkin Sari: nilai 80 dari 100 (nama mirip 87 %, tanggal lahir sama)"
    assert reasons(",".join(f"{name}:1" for name in REASONS)).count(",") == len(REASONS) - 1
    problem = Finding("future", {"today": "21 Nov 2026"}).problem("baris 7, Tgl Lahir")
    assert str(problem) == "future baris 7, Tgl Lahir: Sesudah hari ini (21 Nov 2026) Periksa bulan dan hari"


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    finding = Finding("several", {"count": "2", "known": "{{ x }} {0}"})
    assert "{{ x }} {0}" in finding.why()


def test_no_sentence_sends_the_reader_to_a_form_that_the_desk_does_not_have() -> None:
    """Pages of persons and families are for reading; what can be corrected today is the file."""
    said = " ".join(f"{words.why} {words.todo}" for words in CATALOGUE.values()).casefold()
    assert [page for page in ("halaman orang", "halaman keluarga", "catat pindah") if page in said] == []
