"""The version of a rule: moved by what it means and by nothing else, so that an approval says what was approved."""

from __future__ import annotations

import shutil
from pathlib import Path

from siklus.library.forms import read_forms
from siklus.library.loading import knowledge_folder, read_book
from siklus.library.registry import read_registry
from siklus.library.reviewable import reviewables


def versions(folder: Path) -> dict[tuple[str, str], str]:
    book = read_book(folder)
    return {rule.key: rule.version for rule in reviewables(book, read_forms(folder, book))}


def test_only_what_a_rule_says_moves_its_version(tmp_path: Path) -> None:
    """A comment, a moved line: nothing. A citation, an interval: that rule. A label: the forms that ask it."""
    copy = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), copy)
    for file, old, new in (
        ("packages/bayi_balita/imunisasi.yaml", "package: imunisasi", "# catatan\n\npackage: imunisasi"),
        (
            "packages/dewasa/kronis.yaml",
            "(minimal sebulan sekali di Pustu)",
            "(paling sedikit sebulan sekali di Pustu)",
        ),
        ("packages/dewasa/kronis.yaml", "overdue: this.due + 14 days", "overdue: this.due + 15 days"),
        ("vocabulary/kinds_ibu.yaml", "label: Tinggi fundus uteri", "label: Tinggi rahim"),
    ):
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text, old
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    before, after = versions(knowledge_folder()), versions(copy)
    changed = {key for key in before if after.get(key) != before[key]}
    assert {name for kind, name in changed if kind != "formulir"} == {"ht_fu", "ht_dokter"}
    assert ("formulir", "anc") in changed and ("formulir", "kb") not in changed


def test_the_registry_gives_reviews_that_were_brought_into_it(tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(
        "packages:\n  a: {file: packages/a.yaml, status: draft, approved_by: nobody, approved_on: null}\n"
        "reviews:\n  - {kind: kebutuhan, rule: mr1, version: abc, act: setuju, 'on': 2026-11-22, name: Ani}\n",
        encoding="utf-8",
    )
    registry = read_registry(path)
    assert registry.of("packages/a.yaml").status == "draft"
    assert [(one.rule, one.on, one.name) for one in registry.reviews] == [("mr1", "2026-11-22", "Ani")]
