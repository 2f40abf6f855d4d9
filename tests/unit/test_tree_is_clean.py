"""Facts about the tree that are easy to forget, each with a proof that its check can fail.

What is searched for is spelled in pieces here, so that this file does not find itself.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

LONGEST_MODULE = 400

_REGISTRIES = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\.npm" + r"js",
            r"deb\.deb" + r"ian\.org",
            r"--(?:extra-)?index" + r"-url",
            r"--find" + r"-links",
            r'"resolved": *"' + "http",
        ]
    )
)
_MACHINE_PATHS = re.compile(
    r"(?<![\w.$*{}/])/(?:" + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk", "op" + "t"]) + r")/\w"
)
_SHARED = re.compile(r"\.\./sha" + r"red/")
_PROMISES = re.compile(
    r"\b(?:TO" + r"DO|FIX" + r"ME|raise NotImple" + r"mentedError)\b|mark\.sk" + r"ip\b|pytest\.sk" + r"ip\("
)
_SIXTEEN_DIGITS = re.compile(r"(?<![\w.])\d{16}(?![\w.])")
_PROVINCES = {
    *range(11, 22),
    *range(31, 37),
    51,
    52,
    53,
    *range(61, 66),
    *range(71, 77),
    81,
    82,
    *range(91, 98),
}


def _files(project: Path) -> list[Path]:
    """What is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := project / name).is_file()]


def _texts(project: Path) -> Iterator[tuple[str, str]]:
    for path in _files(project):
        name = path.relative_to(project).as_posix()
        if path.suffix == ".xlsx" and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    yield f"{name}!{member}", archive.read(member).decode("utf-8", "replace")
        elif b"\0" not in (content := path.read_bytes())[:8192]:
            yield name, content.decode("utf-8", "replace")


def _lines_with(pattern: re.Pattern[str], name: str, text: str) -> list[str]:
    if not pattern.search(text):
        return []
    return [
        f"{name}:{n}: {line.strip()[:120]}"
        for n, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def is_plausible_nik(digits: str) -> bool:
    """Sixteen digits that could be somebody's: a real province, and a birth date (women: day + 40) that exists."""
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    try:
        date(2000 + year, month, day - 40 if day > 40 else day)
    except ValueError:
        return False
    return int(digits[:2]) in _PROVINCES


def test_no_file_names_a_package_registry(project: Path) -> None:
    assert [line for name, text in _texts(project) for line in _lines_with(_REGISTRIES, name, text)] == []


def test_no_file_names_a_path_of_one_machine(project: Path) -> None:
    assert [line for name, text in _texts(project) for line in _lines_with(_MACHINE_PATHS, name, text)] == []


def test_nothing_is_read_from_outside_the_tree(project: Path) -> None:
    assert [line for name, text in _texts(project) for line in _lines_with(_SHARED, name, text)] == []


def test_no_module_outgrows_one_sitting(project: Path) -> None:
    modules = [path for path in _files(project) if path.suffix == ".py"]
    long = {
        path.name: lines for path in modules if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_promise_stands_in_place_of_behaviour_and_no_test_is_skipped(project: Path) -> None:
    code = [(name, text) for name, text in _texts(project) if name.endswith((".py", ".html", ".yaml", ".sh"))]
    assert [line for name, text in code for line in _lines_with(_PROMISES, name, text)] == []


def test_no_number_could_be_the_nik_of_a_real_person(project: Path) -> None:
    found = [
        f"{name}: {digits}"
        for name, text in _texts(project)
        for digits in _SIXTEEN_DIGITS.findall(text)
        if is_plausible_nik(digits)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "guilty", "innocent"),
    [
        (_REGISTRIES, "see https://files.python" + "hosted.org/x", "uv pip compile --no-emit-index" + "-url"),
        (_MACHINE_PATHS, 'open("/ho' + 'me/ani/data.csv")', "#!/usr/bin/env bash"),
        (_SHARED, "../sha" + "red/data/places.csv", "seed/data/places.csv"),
        (_PROMISES, "# TO" + "DO: later", "todo: what the reader can do"),
        (_SIXTEEN_DIGITS, "nik 17020645" + "06240001", "sha256:a17020645" + "06240001b"),
    ],
)
def test_each_search_finds_the_guilty_and_leaves_the_innocent(
    pattern: re.Pattern[str], guilty: str, innocent: str
) -> None:
    assert pattern.search(guilty)
    assert not pattern.search(innocent)


@pytest.mark.parametrize(
    ("digits", "plausible"),
    [
        ("17020645" + "06240001", True),  # Bengkulu, a girl of 5 June 2024
        ("99020645" + "06240001", False),  # no province has 99: the code of the seed's people
        ("17020645" + "13240001", False),  # no thirteenth month
        ("17020699" + "06240001", False),
    ],
)
def test_a_nik_is_plausible_by_province_and_birth_date(digits: str, plausible: bool) -> None:
    assert is_plausible_nik(digits) is plausible
