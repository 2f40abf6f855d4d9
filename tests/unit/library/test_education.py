"""What is said to families: every need and every danger has words, they are kind and plain, and every fault is told."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library.education import FOLDER, METHOD, STEPS, Education, read_education
from siklus.library.education_fit import education_faults, taught, untold
from siklus.library.loading import Book, load_book
from siklus.library.stages import read_stages

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
LESSON = """package: imunisasi
cites: "umum"
confidence: ours
lessons:
  - for: [bcg]
    topic: imunisasi
    message: "Imunisasi melindungi bayi. Datanglah ke posyandu."
    card: ["Bagaimana bayinya?", "Suntikan ini melindunginya.", "Datanglah bulan ini."]
"""


@pytest.fixture(scope="module")
def education() -> Education:
    return read_education(KNOWLEDGE)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def _folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / FOLDER).mkdir()
    shutil.copy(KNOWLEDGE / FOLDER / METHOD, tmp_path / FOLDER / METHOD)
    (tmp_path / FOLDER / "imunisasi.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_need_and_every_danger_has_words_for_the_family(education: Education, book: Book) -> None:
    assert untold(education, book) == (), "tulis pesannya di knowledge/education/"
    dangers = [name for name in taught(book) if "." in name]
    assert len(taught(book)) == len(book.needs) + len(dangers) and len(dangers) > 50


def test_what_is_said_fits_the_rule_book(book: Book) -> None:
    assert education_faults(KNOWLEDGE, book) == ()


def test_the_files_are_named_after_their_packages(education: Education) -> None:
    for lesson in education.lessons:
        assert lesson.mark.file == f"{FOLDER}/{lesson.package}.yaml"


def test_nothing_is_said_twice_in_the_same_words(education: Education) -> None:
    messages = Counter(lesson.message for lesson in education.lessons)
    assert [message for message, times in messages.items() if times > 1] == []


def test_every_message_has_its_english(education: Education) -> None:
    lessons = [*education.lessons, *education.closed.values()]
    assert [lesson.names for lesson in lessons if not lesson.message_en] == []


def test_a_message_is_short_enough_to_be_said_in_one_breath_or_two(education: Education) -> None:
    long = {lesson.names: len(lesson.message.split()) for lesson in education.lessons}
    assert {names: words for names, words in long.items() if words > 36} == {}


def test_a_kader_who_may_not_read_a_need_has_a_card_for_each_action_that_is_urged(
    education: Education, book: Book
) -> None:
    assert set(education.closed) == {"segera", "pustu"}
    titles = " ".join(need.title.lower() for need in book.needs)
    for lesson in education.closed.values():
        said = " ".join((lesson.message, *lesson.card)).lower()
        assert not any(word in said for word in ("hipertensi", "diabetes", "tekanan darah", "gula"))
    assert "hipertensi" in titles


def test_the_steps_are_those_of_saji(education: Education) -> None:
    assert [step[0] for step in education.steps] == list("SAJI") and len(STEPS) == len(education.steps)


def test_every_stage_of_life_is_spoken_to(education: Education) -> None:
    stages = read_stages(KNOWLEDGE / "stages.yaml")
    spoken = {stage.key for lesson in education.lessons if (stage := stages.of_package(lesson.package))}
    assert spoken >= {"ibu", "bayi_balita", "dewasa", "lansia"}


def test_a_folder_without_words_is_a_rule_book_all_the_same(tmp_path: Path) -> None:
    assert read_education(tmp_path) == Education()


def test_one_lesson_is_read_as_it_is_written(tmp_path: Path, book: Book) -> None:
    folder = _folder(tmp_path, LESSON)
    found = read_education(folder)
    assert education_faults(folder, book) == ()
    lesson = found.of("bcg")
    assert lesson is not None and lesson.card[0] == "Bagaimana bayinya?" and lesson.confidence == "ours"
    assert found.of("mr1") is None and "mr1" in untold(found, book) and "bcg" not in untold(found, book)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    topic: imunisasi\n", "", "E03 education/imunisasi.yaml:5:5: pesan ini belum punya 'topic'"),
        ("topic:", "topik:", "E04 education/imunisasi.yaml:6:5: 'topik' tidak dikenal. Maksudnya 'topic'?"),
        ("Datanglah ke posyandu.", "Datanglah. Jangan lupa.", "E05 education/imunisasi.yaml:7:15: pesan"),
        (
            ', "Datanglah bulan ini."',
            "",
            "E06 education/imunisasi.yaml:8:11: kartu terdiri dari tiga kalimat",
        ),
        ("bulan ini.", "tanggal 5.", "E07 education/imunisasi.yaml:8:11: angka 5 milik aturan"),
        ("bayinya?", "bayinya, cacat?", "E08 education/imunisasi.yaml:8:11: 'cacat' tidak diucapkan"),
        ('cites: "umum"\n', "", "E09 education/imunisasi.yaml:4:5: sumber dan keyakinan belum tertulis"),
        ("for: [bcg]", "for: bcg", "R02 education/imunisasi.yaml:5:10: 'for' lists words"),
        ("topic: imunisasi", "topic: imunisas", "E10 education/imunisasi.yaml:5:5: pokok 'imunisas' tidak"),
        (
            "[bcg]",
            "[bcgg]",
            "E11 education/imunisasi.yaml:5:5: 'bcgg' tidak ada dalam buku aturan. Maksudnya",
        ),
        ("[bcg]", "[bcg, kn1]", "E12 education/imunisasi.yaml:5:5: 'kn1' milik paket neonatal"),
        ("[bcg]", "[bcg, bcg]", "E13 education/imunisasi.yaml:5:5: 'bcg' sudah punya pesan di"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, book: Book, old: str, new: str, told: str) -> None:
    assert old in LESSON
    found = [str(problem) for problem in education_faults(_folder(tmp_path, LESSON.replace(old, new)), book)]
    assert any(problem.startswith(told) for problem in found), found


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = _folder(tmp_path, LESSON.replace("topic: imunisasi", "topic:").replace("bulan ini.", "jam 9."))
    (folder / FOLDER / METHOD).write_text("never_aloud: x\n", encoding="utf-8")
    (folder / FOLDER / "anc.yaml").write_text("lessons: [x]\n", encoding="utf-8")
    with pytest.raises(ProblemError) as refused:
        read_education(folder)
    told = {problem.code for problem in refused.value.problems}
    assert {"E01", "E02", "E07", "R02"} <= told
