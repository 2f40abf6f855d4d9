"""The page about forms: its example can be read, and it names every fault and no other."""

from __future__ import annotations

import re
from pathlib import Path

from siklus.library.forms.catalogue import compile_forms
from siklus.library.loading import load_book
from siklus.library.yaml_text import parse_yaml

PAGE = "docs/reference/forms.md"
_OLDER = """\
form: kartu_contoh
title: Kartu contoh
version: 1
since: 2023-08-29
at: [posyandu]
who: [kader, bidan]
cites: kartu posyandu
confidence: ours
records: {timbang: timbang, lapor: lapor_nakes}
sections:
  - section: ukur
    items: [{ask: timbang.berat, id: bb}, {ask: lapor.uraian, id: paraf}]
"""


def test_the_form_and_the_sheet_on_the_page_can_be_read(project: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)\n```", (project / PAGE).read_text(encoding="utf-8"), re.DOTALL)
    documents = [("contoh", parse_yaml(text, PAGE)) for text in (_OLDER, *blocks)]
    found = compile_forms(documents, load_book())
    assert [form.version for form in found.versions("kartu_contoh")] == [1, 2]
    assert [column.of for column in found.reports["contoh_mingguan"].columns] == [
        "household", *["person"] * 5,
    ]  # fmt: skip


def test_the_page_names_every_fault_and_no_other(project: Path) -> None:
    code = "\n".join(path.read_text() for path in (project / "src/siklus/library/forms").glob("*.py"))
    told = re.findall(r"^\| (F\d\d) \|", (project / PAGE).read_text(), re.MULTILINE)
    assert set(told) == set(re.findall(r'"(F\d\d)"', code))
