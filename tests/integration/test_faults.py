"""Disk full, no writing, database gone, a killed server: people are told kindly, and nothing is half-saved."""

from __future__ import annotations

import html
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.care.health import log_size
from siklus.care.models import Need, Record, State
from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from siklus.monitoring.models import CoverageUnit
from siklus.site import keeping
from siklus.site.fitness import look
from tests import village as places
from tests.integration.test_record_pages import form_of, new
from tests.village import Village

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def village(transactional_db: None, settings: Any) -> Village:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    return places.plant()


@pytest.fixture
def officer(village: Village) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(places.User.objects.get(username=village.officer))
    return client


def weighing(client: Client, person: int, weight: str = "7,4") -> dict[str, str]:
    form = form_of(client, f"{new(person)}?jenis-catatan=timbang")
    return form | {"berat": weight, "oleh": "bidan", "aksi": "simpan"}


def kept() -> list[object]:
    """Everything a save writes, with what follows from it."""
    models = (Record, State, Need, CoverageUnit, AuditEntry)
    return [sorted(map(repr, model._default_manager.values_list())) for model in models]


@contextmanager
def nothing_can_be_written() -> Iterator[None]:
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA query_only = 1" if is_sqlite else "SET default_transaction_read_only = on")
        try:
            yield
        finally:
            cursor.execute(
                "PRAGMA query_only = 0" if is_sqlite else "SET default_transaction_read_only = off"
            )


def said(answer: Any) -> str:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    return html.unescape(answer.content.decode())


def test_a_database_that_takes_no_writes_saves_nothing_and_says_so(village: Village, officer: Client) -> None:
    form, before = weighing(officer, village.arkana), kept()
    with nothing_can_be_written():
        words = said(officer.post(new(village.arkana), form))
        seen = said(officer.get(f"/orang/{format_record_id(village.arkana)}/"))
        assert not look().is_fit
    assert "Data belum tersimpan" in words and "tidak menerima catatan" in words
    assert "Siklus sedang terganggu" in seen, "nobody reads a name that the audit cannot note"
    assert "Arkana" not in words + seen
    assert kept() == before
    assert officer.post(new(village.arkana), form).status_code == 302, "the same form, once more"
    assert log_size()[0] == log_size()[1]


@pytest.mark.any_database
def test_a_full_disk_keeps_all_of_a_record_or_nothing_of_it(village: Village, officer: Client) -> None:
    form = weighing(officer, village.arkana)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no room left in any page
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            saved = Record.objects.count()
            for number in range(200):
                before = kept()
                answer = officer.post(new(village.arkana), form | {"karcis": str(number)})
                if answer.status_code != 302:
                    break
                saved += 1
            words = said(answer)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert "penuh" in words
    assert Record.objects.count() in (saved, saved + 1)
    if Record.objects.count() == saved:
        assert kept() == before and "Data belum tersimpan" in words
    else:
        assert "Belum pasti tersimpan" in words, (
            "the record was kept, the session no more: nothing false is said"
        )


@pytest.mark.any_database
def test_a_lost_answer_of_the_database_is_not_called_unsaved(
    village: Village, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = weighing(officer, village.arkana)

    def lost(*_args: Any, **_words: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("siklus.care.actions.append_records", lost)
    assert "Belum pasti tersimpan" in said(officer.post(new(village.arkana), form))
    monkeypatch.setattr("siklus.desk.views.record.access_person", lambda *_: 1 / 0)
    assert officer.post(new(village.arkana), form).status_code == 500, (
        "a fault of ours is not called one of the disk"
    )


@pytest.mark.any_database
def test_a_clock_that_went_back_is_flagged_and_brings_nobody_to_a_wrong_day(
    village: Village, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert keeping.is_behind()
    real = time.time()
    monkeypatch.setattr("siklus.site.fitness.time.time", lambda: real - 86400)
    assert not keeping.is_behind()
    assert "went back" in caplog.text
    told = look()
    assert told.is_fit, "people can go on writing: order is by sequence, care by the date they write"
    assert any("jam server mundur" in check.warning for check in told.checks)


def address_of_database() -> str:
    said = django_settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    return f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}"


class Served:
    """A real gunicorn with one worker, and a browser's cookie."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """(status, words); (0, "") when the connection broke before an answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            link.request(method, path, urllib.parse.urlencode(form or {}), headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            link.close()

    def wait(self, is_well: Callable[[int], bool]) -> None:
        limit = time.monotonic() + 90
        while not is_well(self.ask("GET", "/health")[0]):
            assert time.monotonic() < limit
            time.sleep(0.2)


@pytest.fixture
def served(village: Village, tmp_path: Path) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = Client()
    client.force_login(places.User.objects.get(username=village.officer))
    token = "c" * 32
    cookie = f"siklus_sesi={client.cookies['siklus_sesi'].value}; csrftoken={token}"
    environment = {
        **os.environ,
        "SIKLUS_DATABASE_URL": address_of_database(),
        "SIKLUS_TODAY": iso(places.TODAY),
        "SIKLUS_TEST_DIE": str(tmp_path / "die"),
    }
    words = [sys.executable, "-m", "gunicorn", "tests.integration.mortal:application", "--workers", "1"]
    words += ["--worker-class", "gthread", "--threads", "2", "--bind", f"127.0.0.1:{port}"]
    words += ["--log-level", "critical"]
    server = subprocess.Popen(words, env=environment, cwd=Path(__file__).parents[2])
    try:
        there = Served(port, cookie)
        there.wait(lambda status: status == 200)
        yield there
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def test_a_worker_killed_while_it_saves_leaves_nothing_and_the_next_one_saves_once(
    served: Served, village: Village, officer: Client, tmp_path: Path
) -> None:
    form = weighing(officer, village.arkana) | {"csrfmiddlewaretoken": "c" * 32}
    before = kept()
    (
        tmp_path / "die"
    ).touch()  # the worker kills itself (kill -9) when the record is written and not yet committed
    assert served.ask("POST", new(village.arkana), form)[0] == 0, "no answer: the browser says so"
    assert not (tmp_path / "die").exists()
    assert kept() == before
    served.wait(lambda status: status == 200)
    if connection.vendor == "postgresql":  # and a database that was started again is found again
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    records = Record.objects.count()
    assert served.ask("POST", new(village.arkana), form)[0] == 302
    status, _words = served.ask("POST", new(village.arkana), form)
    assert status == 302, "sent twice: kept once"
    assert Record.objects.count() == records + 1
    assert log_size()[0] == log_size()[1], "no number was lost"
