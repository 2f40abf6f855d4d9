"""The web server and the process that keeps its figures fresh: started together, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from django.conf import settings

from siklus.library.switching import book_waiting
from siklus.site.measures import fresh_folder


def serve(
    host: str,
    port: int,
    *,
    workers: int,
    threads: int,
    keeps_fresh: bool = True,
    environment: Mapping[str, str] | None = None,
    is_up: Callable[[subprocess.Popen[bytes]], bool] = lambda _server: True,
) -> int:
    """Runs until the server ends or is told to (SIGTERM, Ctrl-C); its exit code.

    The keeper starts once `is_up` has seen the server answer; when it does not, the server is ended.
    """
    env = {**os.environ, **(environment or {})}
    counting = fresh_folder(Path(settings.VAR))
    if waiting := book_waiting():
        print(waiting, flush=True)
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "siklus.site.wsgi:application", "--bind", f"{host}:{port}",
            "--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads),
            "--log-level", "warning", "--timeout", "120", "--logger-class", "siklus.site.logs.ServerLogger",
        ],
        env={**env, **counting},
    )  # fmt: skip
    helpers = [server]

    def end(_number: int = 0, _frame: FrameType | None = None) -> None:
        for process in helpers:
            process.terminate()

    signal.signal(signal.SIGTERM, end)
    try:
        if not is_up(server):
            end()
            return server.wait() or 1
        if keeps_fresh:
            helpers.append(subprocess.Popen([sys.executable, "-m", "siklus.site.keeping"], env=env))
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        end()
        for process in helpers:
            process.wait()
