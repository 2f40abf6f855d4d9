"""An installation with processes of its own: its folder, its keys, its server on a free port, its commands.

Its database is also opened here (`inside`), so that a test need not start a process to look.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.sync.two_databases import new_installation

PROJECT = Path(__file__).resolve().parents[3]
_STARTS_SECONDS = 90


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Machine:
    """One computer. `today` is the day it is there."""

    var: Path
    today: str

    def __post_init__(self) -> None:
        self.var.mkdir()
        self.port = free_port()
        self._database = new_installation(self.var / "siklus.sqlite3")
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its server answers."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def inside(self, settings: Any) -> Iterator[None]:
        """Siklus in this process is that computer's: its database, its folder, its keys."""
        before = settings.VAR, settings.SIKLUS_KEYS_FILE
        settings.VAR, settings.SIKLUS_KEYS_FILE = self.var, self.var / "keys" / "identity.json"
        try:
            with self._database.inside():
                yield
        finally:
            settings.VAR, settings.SIKLUS_KEYS_FILE = before

    def serve(self) -> None:
        """A real gunicorn with one worker, until `kill` or `close`."""
        words = ["gunicorn", "siklus.site.wsgi:application", "--workers", "1", "--worker-class", "gthread"]
        words += ["--threads", "2", "--bind", f"127.0.0.1:{self.port}", "--log-level", "critical"]
        self._server = subprocess.Popen(
            [sys.executable, "-m", *words], env=self._environment(), cwd=PROJECT, start_new_session=True
        )
        limit = time.monotonic() + _STARTS_SECONDS
        while not self._answers():
            assert time.monotonic() < limit and self._server.poll() is None
            time.sleep(0.1)

    def kill(self) -> None:
        """The power goes: the server and its worker at once."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._server = None

    def close(self) -> None:
        """Ends what runs."""
        if self._server is not None:
            self.kill()
        self._database.wrapper.close()

    def command(self, *words: str) -> tuple[int, str]:
        """`siklus ...` as a process there: exit code, and what it said on both outputs."""
        told = subprocess.run(
            [sys.executable, "-m", "siklus.site.cli", *words], env=self._environment(), cwd=PROJECT,
            capture_output=True, text=True, timeout=_STARTS_SECONDS,
        )  # fmt: skip
        return told.returncode, told.stdout + told.stderr

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SIKLUS_VAR": str(self.var),
            "SIKLUS_DATABASE_URL": "",
            "SIKLUS_TODAY": self.today,
        }

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            return False
        return True  # whoever asks now waits for the worker
