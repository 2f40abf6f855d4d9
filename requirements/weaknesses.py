"""Asks the public record of known weaknesses (OSV) about every package the locks pin, Python's and npm's, in one go.

    python requirements/weaknesses.py [address]

Ends with 0 when nothing is known, 1 when something is, by package and number, and 0 with a loud word when nobody could
be asked: a machine without internet builds Siklus too. `accepted.txt` beside this file lists what is known, why it may
stay, and until when; after that day it counts again. Standard library only: it needs nothing installed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

HERE = Path(__file__).parent
ADDRESS = "https://api.osv.dev/v1/querybatch"
_LOCKS = ("base", "dev", "spark", "uv")
_MOST, _SECONDS = 1000, 20
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)


class Package(NamedTuple):
    """One pinned package, named as the record names it."""

    ecosystem: str
    name: str
    version: str


def pinned(here: Path = HERE) -> list[Package]:
    """Every package of the locks, each once."""
    found = {
        Package("PyPI", name.lower(), version)
        for lock in _LOCKS
        for name, version in _PINNED.findall((here / f"{lock}.txt").read_text())
    }
    tree = json.loads((here.parent / "web" / "package-lock.json").read_text())
    for place, told in tree["packages"].items():
        if place and "version" in told:
            name = told.get("name") or place.rpartition("node_modules/")[2]
            found.add(Package("npm", name, told["version"]))
    return sorted(found)


def known(packages: Sequence[Package], address: str = ADDRESS) -> Iterator[tuple[Package, str]]:
    """What the record knows of each: its numbers. OSError when nobody answers."""
    for first in range(0, len(packages), _MOST):
        some = packages[first : first + _MOST]
        queries = [{"package": {"ecosystem": each[0], "name": each[1]}, "version": each[2]} for each in some]
        asked = Request(address, json.dumps({"queries": queries}).encode())  # noqa: S310 the address is ours
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
            results: list[Mapping[str, Any]] = json.load(answer)["results"]
        for package, result in zip(some, results, strict=True):
            for weakness in result.get("vulns", ()):
                yield package, str(weakness["id"])


def accepted(today: date, here: Path = HERE) -> set[str]:
    """The numbers that may stay today. A line is: number, last day, why."""
    lines = (here / "accepted.txt").read_text().splitlines()
    told = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return {number for number, until, why in told if why and today <= date.fromisoformat(until)}


def main(address: str = ADDRESS, today: date | None = None) -> int:
    """The exit code of the command."""
    packages = pinned()
    try:
        told = list(known(packages, address))
    except (OSError, ValueError, KeyError) as fault:
        print(f"NOT ASKED: {len(packages)} packages, no answer from {address} ({fault})")
        return 0
    stays = accepted(today or datetime.now(UTC).date())
    bad = [(package, number) for package, number in told if number not in stays]
    for package, number in bad:
        print(f"{package.ecosystem} {package.name} {package.version}: {number}")
    print(
        f"asked about {len(packages)} packages: {len(bad)} known weaknesses, {len(told) - len(bad)} accepted"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
