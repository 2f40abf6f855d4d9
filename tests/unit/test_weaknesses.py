"""The check for known weaknesses asks about every pinned package, says what is known, and says when nobody answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

TODAY = date(2026, 11, 22)


@pytest.fixture
def weaknesses(project: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(project / "requirements"))
    sys.modules.pop("weaknesses", None)
    import weaknesses

    return weaknesses


@pytest.fixture
def record() -> Iterator[tuple[str, dict[str, list[str]]]]:
    """A record of weaknesses on this machine: its address, and what it knows by name of package."""
    knows: dict[str, list[str]] = {}

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            results = [
                {"vulns": [{"id": each} for each in found]} if found else {}
                for query in asked["queries"]
                for found in [knows.get(query["package"]["name"])]
            ]
            told = json.dumps({"results": results}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", knows
    server.shutdown()
    server.server_close()


def test_every_lock_is_asked_about(weaknesses: Any) -> None:
    packages = weaknesses.pinned()
    names = {(each.ecosystem, each.name) for each in packages}
    assert {("PyPI", "django"), ("PyPI", "ruff"), ("PyPI", "pyspark"), ("npm", "vitest")} <= names


def test_what_is_known_fails_the_check_and_names_it(
    weaknesses: Any, record: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    address, knows = record
    assert weaknesses.main(address, TODAY) == 0
    knows["django"] = ["GHSA-made-up"]
    assert weaknesses.main(address, TODAY) == 1
    assert "GHSA-made-up" in capsys.readouterr().out


def test_what_is_accepted_counts_again_after_its_day(weaknesses: Any, tmp_path: Path) -> None:
    (tmp_path / "accepted.txt").write_text(
        "# why\nGHSA-1 2026-11-22 only on Windows\nGHSA-2 2026-11-21 late\n"
    )
    assert weaknesses.accepted(TODAY, tmp_path) == {"GHSA-1"}


def test_nobody_to_ask_is_said_aloud(weaknesses: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    address = f"http://127.0.0.1:{server.server_port}/"
    server.server_close()
    assert weaknesses.main(address, TODAY) == 0
    assert capsys.readouterr().out.startswith("NOT ASKED")
