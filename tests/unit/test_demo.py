"""The demo finds itself a port and says whom one can be."""

from __future__ import annotations

import socket
import subprocess
import sys

from siklus.site.demo import HOST, free_port, wait_until_it_answers


def test_a_port_that_somebody_holds_is_passed_over() -> None:
    with socket.socket() as holder:
        holder.bind((HOST, 0))
        holder.listen()
        held = holder.getsockname()[1]
        assert free_port(held) > held


def test_a_server_that_ends_at_once_is_not_waited_for() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not wait_until_it_answers(f"http://{HOST}:{free_port()}/", ended)
