"""/health, /metrics and the log tell how the server does, to the right people, and of nobody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client

from siklus.site import logs
from siklus.site.logs import JsonLines, handler_to, scrub
from tests import village as places
from tests.integration.conftest import Login
from tests.village import Village

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NIK = "9902065012990001"
NAME = "Siti Rahmawati"
ELSEWHERE = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield places.plant()
        transaction.set_rollback(True)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What every logger writes, in the form of a real server."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = handler_to(written), root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_health_tells_all_to_the_machine_itself_and_one_word_to_others(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Client().get("/health")
    body = told.json()
    assert told.status_code == 200
    assert {"status", "warnings", "database", "disk", "backup", "clock", "figures"} == body.keys()
    assert body["database"]["writable"] is True and body["backup"]["age_seconds"] is None
    assert Client().get("/health", **ELSEWHERE).json() == {"status": "ok"}
    assert Client().get("/health", HTTP_X_FORWARDED_FOR="127.0.0.1").json() == {"status": "ok"}
    monkeypatch.setenv("SIKLUS_METRICS_TOKEN", "rahasia-server")
    with_token = {**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer rahasia-server"}
    assert "disk" in Client().get("/health", **with_token).json()
    monkeypatch.setenv("SIKLUS_DISK_MIN_MB", "999999999")
    assert Client().get("/health").status_code == 503
    assert Client().get("/health", **ELSEWHERE).json() == {"status": "unfit"}


def test_health_is_unfit_when_the_database_is_gone(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("siklus.site.fitness._database", gone)
    told = Client().get("/health")
    assert told.status_code == 503
    assert told.json()["database"] == {"ok": False, "error": "OperationalError"}


def test_metrics_count_by_route_and_are_for_the_machine_itself(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    client.get(f"/cari/?q={NIK}")
    client.get(f"/tidak-ada/{NIK}/")
    text = client.get("/metrics").content.decode()
    assert 'siklus_requests_total{method="GET",route="cari/",status="200"}' in text
    assert 'route="(tidak ada)",status="404"' in text
    assert "siklus_disk_free_mb" in text and "siklus_fit 1.0" in text
    assert NIK not in text
    assert client.get("/metrics", **ELSEWHERE).status_code == 404
    assert client.get("/metrics", HTTP_FORWARDED="for=127.0.0.1").status_code == 404


def test_a_nik_or_a_name_never_stands_in_the_log_whatever_fails(
    village: Village, as_user: Login, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user("puskesmas")
    client.raise_request_exception = False
    client.get("/cari/", {"q": NIK})
    client.get("/cari/", {"q": NAME})
    client.get(f"/{NAME}/{NIK}/")
    client.post("/masuk/", {"username": NIK, "password": NAME})
    client.get("/", HTTP_HOST=f"{NIK}.example")
    raised = (
        IntegrityError(f"duplicate key: Key (nik)=({NIK}) already exists, {NAME}"),
        KeyError(NAME),
        OperationalError(f"database is locked {NIK}"),
        FileNotFoundError(2, "no such file", f"/tmp/{NAME}.xlsx"),
    )
    for error in raised:

        def fails(*_args: Any, error: Exception = error, **_words: Any) -> None:
            raise ValueError(NAME) from error

        monkeypatch.setattr("siklus.desk.views.search.people_found", fails, raising=False)
        monkeypatch.setattr("siklus.desk.views.home.render", fails)
        answer = client.get("/")
        assert answer.status_code >= 500
        assert NIK not in answer.content.decode() and NAME not in answer.content.decode()
    logging.getLogger("siklus.care").warning("orang %s", NIK)
    logging.getLogger("gunicorn.error").exception("Error handling request %s", f"/cari/?q={NAME}")
    written = lines.getvalue()
    assert NIK not in written and NAME not in written and NAME.split()[0] not in written
    told = [json.loads(line) for line in written.splitlines()]
    assert {"request", "fault"} <= {line["message"] for line in told}
    assert any(line.get("route") == "cari/" and line["status"] == 200 and "user" in line for line in told)
    errors = [error["kind"] for line in told for error in line.get("error", ())]
    assert "django.db.utils.IntegrityError" in errors and "builtins.KeyError" in errors


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"nik={NIK}.",
        "99 02 06 501299 0001",
        "99.02.06.501299.0001",
        "0812 3456 7890 1234",
        "081234567890",
    ],
)
def test_long_numbers_are_taken_out(text: str) -> None:
    assert logs.TAKEN_OUT in scrub(text)
    assert not any(part in scrub(text) for part in ("501299", "0001", "3456"))


def test_dates_and_small_numbers_stay() -> None:
    kept = "2026-11-22 09:14:12 12 catatan, 1-23, 17.02.06.1004"
    assert scrub(kept) == kept
    line = JsonLines().format(logging.LogRecord("siklus.x", logging.INFO, "", 0, "12 catatan", None, None))
    assert json.loads(line)["message"] == "12 catatan"
