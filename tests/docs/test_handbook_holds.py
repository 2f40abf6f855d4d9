"""The handbook on disk is what the rules say: its pages, its pictures, nothing left over."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from siklus.library.handbook import handbook
from siklus.library.loading import knowledge_folder, load_book, read_book
from siklus.rules.reason_words import STATUS_WORDS
from siklus.site.commands.rulebook import HANDBOOK, stale

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return handbook(load_book(), knowledge_folder())


def test_the_handbook_on_disk_is_what_the_command_writes(pages: dict[str, str]) -> None:
    assert stale({HANDBOOK / name: text for name, text in pages.items()}, HANDBOOK) == ([], []), (
        "run: siklus rules handbook"
    )


def test_the_same_knowledge_gives_the_same_pages(pages: dict[str, str]) -> None:
    assert handbook(read_book(knowledge_folder()), knowledge_folder()) == pages


def test_every_need_has_its_place_its_source_and_its_picture_on_the_page_of_its_package(
    pages: dict[str, str],
) -> None:
    for need in load_book().needs:
        page = pages[f"{need.package.name}.md"]
        assert f'<a id="{need.name}"></a>' in page and f"](#{need.name})" in page
        assert f"](gambar/{need.name}.svg)" in page and f"gambar/{need.name}.svg" in pages


def test_the_calendar_of_a_package_tells_every_window_it_draws(pages: dict[str, str]) -> None:
    told = pages["gambar/kalender_imunisasi.svg"]
    assert "BCG: waktunya mulai 0, terlambat mulai 1 bulan, sampai sebelum 1 tahun." in told
    assert "Polio tetes 1 (OPV1): boleh mulai 0, waktunya mulai 1 bulan, terlambat mulai 2 bulan" in told
    assert "kalender_imunisasi.svg" in pages["imunisasi.md"] and "gambar/kalender_dewasa.svg" not in pages


def test_every_picture_can_be_read_without_being_seen(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        if name.endswith(".svg"):
            root = ElementTree.fromstring(text)
            title, told = root.find(f"{_SVG}title"), root.find(f"{_SVG}desc")
            assert root.get("role") == "img" and title is not None and told is not None
            assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
            words = ("waktunya",) if "kalender" in name else tuple(STATUS_WORDS.values())
            assert told.text and any(word in told.text for word in words)
            assert len(text) < 20_000, name


def test_no_page_shows_a_reader_the_words_of_the_code(pages: dict[str, str]) -> None:
    names = {let.name for need in load_book().needs for let in need.lets if "_" in let.name}
    for name, text in pages.items():
        if name.endswith(".md"):
            assert not [each for each in names if f"«{each}" in text], name
            assert "None" not in text.split(), name


def test_a_page_that_no_rule_makes_any_more_is_found(tmp_path: Path) -> None:
    (tmp_path / "lama.md").write_text("x")
    (tmp_path / "baru.md").write_text("y")
    wanted = {tmp_path / "baru.md": "z", tmp_path / "lain.md": ""}
    assert stale(wanted, tmp_path) == ([tmp_path / "baru.md", tmp_path / "lain.md"], [tmp_path / "lama.md"])
