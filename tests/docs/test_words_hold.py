"""What the documents promise is there: paths of the glossary, links between pages, the list of decisions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def _pages(project: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=project, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := project / name).is_file()]


def _missing_links(page: Path, text: str) -> list[str]:
    targets = [
        target for target in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:")
    ]
    return [f"{page.name}: {target}" for target in targets if not (page.parent / target).exists()]


def test_every_place_the_glossary_names_exists(project: Path) -> None:
    rows = [line for line in (project / "GLOSSARY.md").read_text().splitlines() if line.startswith("| ")]
    paths = [match[1] for row in rows if (match := re.search(r"`([^`]+)` \|$", row))]
    assert len(paths) > 40
    assert [path for path in paths if not (project / path).exists()] == []


def test_every_link_between_pages_leads_somewhere(project: Path) -> None:
    assert [link for page in _pages(project) for link in _missing_links(page, page.read_text())] == []


def test_a_link_to_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.touch()
    assert _missing_links(page, "see [there](nowhere.md#part) and [here](page.md)") == ["page.md: nowhere.md"]


def test_every_decision_stands_in_the_list_of_decisions(project: Path) -> None:
    folder = project / "docs/decisions"
    listed = set(_LINK.findall((folder / "README.md").read_text()))
    assert {path.name for path in folder.glob("[0-9]*.md")} == listed
