"""No key, password or token is kept in the repository, and every package that is installed is held by its hash.

What is searched for is spelled in pieces here, so that this file does not find itself.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from math import log2
from pathlib import Path

import pytest

_LOCKS = ("base", "dev", "spark", "uv")
_KEYS = re.compile(
    "|".join(
        [
            "-----BEGIN" + r" [A-Z ]*PRIVATE KEY-----",
            r"\bAK" + r"IA[0-9A-Z]{16}\b",
            r"\bgh[pousr]" + r"_[A-Za-z0-9]{36}",
            r"\bxox[abprs]" + r"-[A-Za-z0-9-]{10,}",
            r"\bey" + r"J[A-Za-z0-9_-]{15,}\.ey" + r"J[A-Za-z0-9_-]{15,}",
            r"\bAGE-SECRET" + r"-KEY-1",
            r"\bsk_live" + r"_[A-Za-z0-9]{20,}",
        ]
    )
)
_NAMED = re.compile(
    r"""(?ix)\b[\w-]*(?:secret|passw(?:or)?d|token|api[_-]?key)[\w-]*["']?\s*[:=]\s*(?:f?["'])([^"'\s{}$<>]{8,})["']"""
)
_IN_ADDRESSES = re.compile(r"\b[a-z][a-z0-9+]+://[\w.-]+:([^\s@/:$\[{]{4,})@")
_RANDOM = re.compile(r"""["']([A-Za-z0-9+/_-]{32,}={0,2})["']""")
_MOST_EVEN = 4.6
"""Bits a letter: 32 random letters of 64 have about 4.7, the words and names of this tree less."""
_LONG = 400
"""Longer ones are data (fonts, images, packed tables), told by their kind of file."""

_NEW_LINE = "\n"
_KNOWN = {"word", "PASSWORD"}
"""What stands for a password where an address is explained."""
_EXAMPLES = ("tests/", "bench/")
"""Where made-up passwords for made-up people stand; keys of services are searched for here too."""


def _texts(project: Path) -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in sorted(filter(None, listed.stdout.split("\0"))):
        path = project / name
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        content = path.read_bytes()
        if b"\0" not in content[:4096]:
            yield name, content.decode(errors="replace")


def secrets_in(name: str, text: str) -> list[str]:
    """What looks like something to steal, by its line."""
    if name.endswith(("package-lock.json", ".css", ".svg")) or name.startswith("requirements/"):
        return []
    is_code = name.endswith((".py", ".ts", ".js", ".sh", ".yaml", ".yml", ".toml", ".html", "run"))
    found = [(match.start(), match[0]) for match in _KEYS.finditer(text)]
    if not name.startswith(_EXAMPLES):
        found += [(match.start(), match[1]) for match in _IN_ADDRESSES.finditer(text)]
        if is_code:
            found += [(m.start(), m[1]) for m in _NAMED.finditer(text) if not _is_a_name(m[1])]
            found += [(m.start(), m[1]) for m in _RANDOM.finditer(text) if _is_random(m[1])]
    return [
        f"{name}:{text.count(_NEW_LINE, 0, at) + 1}: {word[:12]}..."
        for at, word in found
        if word not in _KNOWN
    ]


def _is_a_name(word: str) -> bool:
    """SIKLUS_METRICS_TOKEN, path/to/file, siklus.site.settings: names of things, not the things."""
    return bool(re.fullmatch(r"[A-Z_]+|[a-z]+(?:[-_./][a-z]+)*[/]?", word))


def _is_random(word: str) -> bool:
    if len(word) > _LONG or not (
        re.search(r"\d", word) and re.search(r"[A-Z]", word) and re.search("[a-z]", word)
    ):
        return False
    share = [word.count(letter) / len(word) for letter in set(word)]
    return -sum(each * log2(each) for each in share) > _MOST_EVEN


def test_nothing_to_steal_is_kept_here(project: Path) -> None:
    found = [each for name, text in _texts(project) for each in secrets_in(name, text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN" + " RSA PRIVATE KEY-----",
        'aws = "AK' + 'IAQ7ZJ3M2XNVB4LTRE"',
        "token: gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a",
        'PASSWORD = "' + 'hunter2-and-more"',
        '"api_key": "' + 'k3y-of-a-service"',
        "postgres://siklus:" + "s3nt0sa@db/siklus",
        'key = "' + 'q8Zt1Kp0sVx7Lr3NwY5uBd9HcJ2mEfGa4oTi6RkQ"',
    ],
)
def test_each_sort_is_seen(line: str) -> None:
    assert secrets_in("src/siklus/anything.py", line)


def unpinned(text: str) -> list[str]:
    """The packages of a lock that no version or no hash holds."""
    entries = [each for each in re.split(r"\n(?=\S)", text.strip()) if not each.startswith("#")]
    return [
        each.split()[0]
        for each in entries
        if not re.match(r"[\w.\[\],-]+==\S+", each) or "--hash=sha256:" not in each
    ]


def test_every_package_is_held_by_version_and_hash(project: Path) -> None:
    for name in _LOCKS:
        text = (project / "requirements" / f"{name}.txt").read_text()
        assert text.count("==") and not unpinned(text), name
    for folder in ("web", "bench/peer"):
        packages = json.loads((project / folder / "package-lock.json").read_text())["packages"].items()
        assert [
            name for name, told in packages if name and not told.get("link") and "integrity" not in told
        ] == []


@pytest.mark.parametrize(
    "line", ["django>=5", "django==5.2.19", "django @ git+https://example.org/x --hash=sha256:ab"]
)
def test_a_package_that_could_change_unseen_is_told(line: str) -> None:
    assert unpinned(f"lark==1.0 \\\n    --hash=sha256:00\n{line}\n")
