"""`make demo`: a seeded Siklus on this machine, its address and one login for each role.

What is already there is kept: the database is migrated, an empty one is seeded, figures of an earlier day are made
again. Then the server runs until Ctrl-C.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from siklus.site.serving import serve

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 50
START_SECONDS = 60.0
SEED = ["seed", "--scale", "puskesmas", "--seed", "1"]
THREADS = 4


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siklus.site.settings")
    os.environ.setdefault("SIKLUS_HASHED_STATIC", "1")  # as in service: compressed, cached for good
    import django

    django.setup()
    prepare()
    return open_to_visitors(free_port())


def prepare() -> None:
    """Migrated, seeded if it holds nobody, and as of today."""
    from django.conf import settings
    from django.core.management import call_command

    from siklus.register.queries import is_empty
    from siklus.site.cli import main as siklus
    from siklus.site.keeping import is_behind

    timed("database: bringing the tables up to date", lambda: call_command("migrate", verbosity=0))
    call_command("collectstatic", interactive=False, verbosity=0)
    if is_empty():
        timed("data contoh: one puskesmas area", lambda: must_succeed(siklus(SEED)))
    elif is_behind():
        timed(
            "needs and coverage: making them as of today", lambda: must_succeed(siklus(["state", "newday"]))
        )
    say(f"database: {settings.DATABASES['default']['NAME']}")


def open_to_visitors(port: int) -> int:
    """Start the server, tell where it is once it answers, and wait for its end."""
    address = f"http://{HOST}:{port}/"

    def is_up(server: subprocess.Popen[bytes]) -> bool:
        answers = wait_until_it_answers(address, server)
        if answers:
            say(invitation(address))
        return answers

    hosts = {"SIKLUS_HOSTS": f"{HOST},localhost"}
    return serve(HOST, port, workers=1, threads=THREADS, environment=hosts, is_up=is_up)


def invitation(address: str) -> str:
    """Where to go and whom to be; the passwords are this machine's own, from the seed's private file."""
    from django.conf import settings

    logins = Path(settings.VAR) / "demo-logins.txt"
    known = (
        logins.read_text().strip()
        if logins.exists()
        else f"(no {logins.name}: this database was not seeded here)"
    )
    return f"Siklus is at {address}\n\n{known}\n\nCtrl-C ends it."


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from here on that nobody holds."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port from {first} to {first + PORTS_TRIED - 1}.")


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """True once a page comes back; False when the server has ended, fails or is too slow."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(address + "masuk/", timeout=5).close()  # noqa: S310  our own address
            return True
        except urllib.error.HTTPError as error:
            say(f"!! the server answers with {error.code}; what went wrong stands above")
            return False
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def timed(what: str, work: Callable[[], object]) -> None:
    say(f"== {what}")
    began = time.monotonic()
    work()
    say(f"-- ok, {time.monotonic() - began:.1f} s")


def must_succeed(code: int) -> None:
    if code:
        raise SystemExit(code)


def say(text: str) -> None:
    print(f"\n{text}" if text.startswith(("==", "Siklus")) else text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
