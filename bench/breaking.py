"""A server that is broken on purpose: its workers are killed, its disk is full, its database goes and comes back."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.populations import PROJECT
from bench.scratch import FULL, Scratch
from bench.storm import THREADS, WORKERS, free_port, wait_for
from tests import pgtemp

_TRIGGER = """
CREATE TABLE bench_full (id int);
CREATE FUNCTION bench_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM bench_full) AND random() < 0.5 THEN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
  END IF; RETURN NEW; END $$;
CREATE TRIGGER bench_full BEFORE INSERT ON care_record FOR EACH ROW EXECUTE FUNCTION bench_full();
"""


@dataclass
class Breaking:
    """The server of one run; only one fault of the whole server or its disk at a time."""

    there: Scratch
    port: int
    mark: Path
    process: subprocess.Popen[bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    @contextmanager
    def of(cls, there: Scratch) -> Iterator[Breaking]:
        """The server started, and at the end ended."""
        mark = Path(there.environment["SIKLUS_VAR"]) / "disk-is-full"
        made = cls(there, free_port(), mark)
        if there.server is not None:
            with made._own() as link:
                link.execute(_TRIGGER)
        made._start()
        try:
            yield made
        finally:
            made._end(signal.SIGTERM)
            if there.server is not None:
                with made._own() as link:
                    link.execute("DROP TABLE bench_full; DROP FUNCTION bench_full CASCADE")

    def kill_a_worker(self, drawn: random.Random) -> None:
        """kill -9 of one of the workers, whatever it is doing."""
        with self.lock, suppress(ProcessLookupError, IndexError):
            os.kill(drawn.choice(self._workers()), signal.SIGKILL)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Nothing more fits on the disk of the database."""
        with self.lock:
            if self.there.server is None:
                self.mark.touch()
            else:
                with self._own() as link:
                    link.execute("INSERT INTO bench_full VALUES (1)")
            try:
                yield
            finally:
                if self.there.server is None:
                    self.mark.unlink()
                else:
                    with self._own() as link:
                        link.execute("DELETE FROM bench_full")

    def restart(self) -> None:
        """The database dies in the middle and comes back; SQLite lives in the server, so all of that dies."""
        with self.lock:
            if self.there.server is None:
                self._end(signal.SIGKILL)
                self._start()
            else:
                self.there.server.stop(signal.SIGQUIT)
                self.there.server.start()

    def _start(self) -> None:
        words = [
            sys.executable, "-m", "gunicorn", "bench.served:application", "--preload", "--bind", f"127.0.0.1:{self.port}",
            "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS),
            "--log-level", "critical", "--timeout", "120",
        ]  # fmt: skip
        path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
        environment = {
            **os.environ,
            **self.there.environment,
            FULL: str(self.mark),
            "PYTHONPATH": path,
            "SIKLUS_LOG": "CRITICAL",
        }
        self.process = subprocess.Popen(
            words, env=environment, cwd=PROJECT, start_new_session=True, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)

    def _end(self, how: signal.Signals) -> None:
        """The master alone is asked to end in order; killed are it and all its workers at once."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        self.process.wait(60)
        self.process = None

    def _workers(self) -> list[int]:
        assert self.process is not None
        master = self.process.pid
        return [int(key) for key in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    @contextmanager
    def _own(self) -> Iterator[psycopg.Connection]:
        assert self.there.server is not None
        folder = str(self.there.server.folder)
        with psycopg.connect(host=folder, user=pgtemp.USER, dbname=pgtemp.DATABASE, autocommit=True) as link:
            yield link
