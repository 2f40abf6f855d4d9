"""Which rule book an installation works by: installed, coming, taking over, and the way back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library import installed as books
from siklus.library.installed import Edition, Installed, installed
from siklus.library.loading import (
    Book,
    book_in_force,
    book_to_make_by,
    holding,
    knowledge_folder,
    load_book,
    own_folder,
    read_book,
)
from siklus.library.switching import book_waiting, is_untouched, pin_what_serves

OLD, NEW, NEWER = Edition("a" * 16), Edition("b" * 16, (("selang_sadanis", "tabel"),)), Edition("c" * 16)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIKLUS_VAR", str(tmp_path))
    return tmp_path / "knowledge"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rule book that says one word otherwise."""
    folder = tmp_path_factory.mktemp("book") / "knowledge"
    shutil.copytree(own_folder(), folder)
    page = folder / "packages/bayi_balita/imunisasi.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "\n# satu kata lain\n", encoding="utf-8")
    return folder


def kept(folder: Path) -> Book:
    """The book of a folder, with its copy in the store."""
    book = read_book(folder)
    books.keep_copy(folder, Edition(book.hash))
    return book


def test_where_nothing_was_installed_the_programs_own_book_serves(store: Path) -> None:
    assert installed() == Installed()
    assert load_book().folder == own_folder() == knowledge_folder()
    books.take_over("a" * 16)
    assert installed() == Installed()


def test_a_book_that_is_coming_serves_only_after_everything_was_made_by_it(store: Path) -> None:
    books.pin(OLD)
    books.announce(NEW)
    assert installed() == Installed(serving=OLD, coming=NEW)
    books.take_over(OLD.hash)
    assert installed() == Installed(serving=OLD, coming=NEW)
    books.take_over(NEW.hash)
    assert installed() == Installed(serving=NEW, former=OLD)


def test_a_third_book_announced_meanwhile_does_not_hide_whose_rows_are_in_place(store: Path) -> None:
    books.pin(OLD)
    books.announce(NEW)
    books.take_over(NEW.hash)
    books.announce(NEWER)
    books.announce(OLD)
    assert installed() == Installed(serving=NEW, coming=OLD, former=OLD)
    books.take_over(OLD.hash)
    assert installed() == Installed(serving=OLD, former=NEW)


def test_the_way_back_first_takes_back_what_is_coming_and_then_leads_to_the_former(store: Path) -> None:
    with pytest.raises(ProblemError, match="belum pernah"):
        books.announce_former()
    books.pin(OLD)
    books.announce(NEW)
    assert books.announce_former() == OLD
    assert installed() == Installed(serving=OLD)
    books.announce(NEW)
    books.take_over(NEW.hash)
    assert books.announce_former() == OLD
    assert installed() == Installed(serving=NEW, coming=OLD, former=OLD)


def test_what_serves_is_pinned_once(store: Path) -> None:
    books.pin(OLD)
    books.pin(NEW)
    assert installed().serving == OLD


def test_a_copy_is_whole_read_only_and_made_anew_when_a_file_beside_the_rules_differs(
    store: Path, other: Path
) -> None:
    book = kept(other)
    copy = store / book.hash
    assert read_book(copy).hash == book.hash
    assert (copy / "stages.yaml").stat().st_mode & 0o222 == 0
    kept(other)
    (other / "kader.yaml").write_text(
        (other / "kader.yaml").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    kept(other)
    assert (copy / "kader.yaml").read_bytes() == (other / "kader.yaml").read_bytes()


def test_a_running_process_notices_the_switch_and_a_page_keeps_the_book_it_began_with(
    store: Path, other: Path
) -> None:
    old, new = kept(own_folder()), kept(other)
    books.pin(Edition(old.hash))
    assert (load_book().hash, knowledge_folder()) == (old.hash, store / old.hash)
    books.announce(Edition(new.hash))
    assert (load_book().hash, book_to_make_by().hash) == (old.hash, new.hash)
    with holding(load_book()):
        books.take_over(new.hash)
        assert (load_book().hash, knowledge_folder()) == (old.hash, store / old.hash)
        assert book_in_force().hash == new.hash
    assert (load_book().hash, knowledge_folder()) == (new.hash, store / new.hash)
    assert load_book() is load_book()


def test_other_choices_of_values_are_another_book_of_the_same_sources(store: Path) -> None:
    plain, chosen = read_book(own_folder()), read_book(own_folder(), {"selang_sadanis": "tabel"})
    assert plain.hash != chosen.hash
    edition = Edition(chosen.hash, chosen.choices)
    books.keep_copy(own_folder(), edition)
    books.pin(edition)
    assert (load_book().hash, load_book().choices) == (chosen.hash, (("selang_sadanis", "tabel"),))


def test_another_book_that_came_with_the_program_is_told_and_so_is_a_copy_somebody_changed(
    store: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (book_waiting(), is_untouched()) == ("", True)
    pin_what_serves()
    assert (book_waiting(), is_untouched()) == ("", True)
    monkeypatch.setenv("SIKLUS_KNOWLEDGE", str(other))
    assert f"siklus rules try {other}" in book_waiting()
    serving = installed().serving
    assert serving is not None
    page = serving.folder / "vocabulary/person.yaml"
    page.chmod(0o644)
    page.write_text(page.read_text(encoding="utf-8") + "#\n", encoding="utf-8")
    assert not is_untouched()
