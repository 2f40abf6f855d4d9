"""A district and an edge that are processes of their own, with databases and keys of their own; and what goes wrong."""

from __future__ import annotations

import http.client
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.apps import apps

from siklus.access.queries import User
from siklus.care import queries as care
from siklus.kernel.ids import device_of
from siklus.kernel.sealing import SealError
from siklus.register.identity import NIK as SEAL
from siklus.register.identity import opened
from siklus.register.queries import people
from siklus.site.cli import main
from siklus.sync import actions as phones
from siklus.sync.edge import district as edges
from siklus.sync.edge.calling import Denied, District, Unreached
from siklus.sync.edge.downloads import AreaFile
from siklus.sync.replica import Replica
from tests.integration import area
from tests.integration.sync.installations import Machine, free_port

TODAY = "2026-11-21"
NIK = "9901010201260001"


@pytest.fixture
def machine(db: None, tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    made: list[Machine] = []

    def new(name: str) -> Machine:
        made.append(Machine(tmp_path / name, TODAY))
        return made[-1]

    yield new
    for each in made:
        each.close()


class Phone(Replica):
    """A phone of the edge, over HTTP."""

    token, port = "", 0

    def ask(self, path: str, body: object = None) -> str:
        headers = {"Siklus-Protocol": "1", "Authorization": f"Siklus {self.device}.{self.token}"}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET" if body is None else "POST", f"/api/sync/{path}", json.dumps(body), headers)
        answer = link.getresponse()
        said = answer.read().decode()
        link.close()
        assert answer.status == HTTPStatus.OK, said
        return said

    def sync(self) -> None:
        """Sends all, takes all that is new."""
        told = json.loads(self.ask("push", {"records": self.batch(100), "last": self.number}))
        self.hear(told["answers"])
        if not self.cursor:
            head, *records = map(json.loads, self.ask("snapshot").splitlines())
            self.begin(head["cursor"], head["upto"], records)
        self.take(json.loads(self.ask(f"pull?after={self.cursor}")))


def enrolled(at: Machine, settings: Any) -> Phone:
    with at.inside(settings):
        kader = User.objects.get(username="kader1").pk
        by = User.objects.get(username="utara")
        code = phones.offer(by=by, name="HP Melati", scope_code="POS-1", users=[kader])
    phone = Phone(0)
    phone.port = at.port
    told = json.loads(phone.ask("enrol", {"code": code}))
    phone.device, phone.token = told["device"], told["token"]
    return phone


@pytest.mark.any_database
def test_a_phone_of_the_edge_writes_while_the_district_is_down_and_both_have_all_of_it_in_the_end(
    machine: Callable[[str], Machine], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SIKLUS_TODAY = TODAY
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    district, edge = machine("kabupaten"), machine("utara")
    with district.inside(settings):
        area.lay_area()
        utara = area.users()["utara"]
        area.child("Ani"), area.child("Budi", posyandu=3)
        code = edges.offer(by=utara, name="PC Utara", scope_code=area.NORTH)
    district.serve()
    with edge.inside(settings):
        assert main(["edge", "sync"]) == 1, "it is no edge yet"
        assert main(["edge", "enrol", district.url, code]) == 0
    assert edge.command("edge", "sync") == (0, "dikirim 0 catatan, diterima 1\n")
    edge.serve()
    phone = enrolled(edge, settings)

    district.kill()
    child = phone.write(
        kind="daftar_orang", on="2026-01-02",
        data={"nama": "Citra", "birth": "2026-01-02", "sex": "p", "posyandu": "POS-1", "nik": NIK},
    )  # fmt: skip
    phone.write(kind="timbang", on="2026-11-01", person=child["id"], data={"berat": 7.5})
    phone.sync()
    assert not phone.outbox and not phone.refused
    with district.inside(settings):
        area.child("Dewi")  # at the desk of the district
    with edge.inside(settings):
        capsys.readouterr()
        assert main(["edge", "sync"]) == 1
        assert capsys.readouterr().err == (
            "belum terhubung: server kabupaten tidak menjawab. Catatan aman di sini.\n"
        )
        assert main(["edge", "status"]) == 0
        said = capsys.readouterr().out
        assert "menunggu dikirim     2 catatan" in said and "server kabupaten tidak menjawab" in said

    district.serve()
    with edge.inside(settings):
        assert main(["edge", "sync"]) == 0
        assert capsys.readouterr().out == "dikirim 2 catatan, diterima 3\n"
        assert main(["edge", "status"]) == 0
        assert "menunggu dikirim     0 catatan" in capsys.readouterr().out
    with district.inside(settings):
        assert set(people().values_list("name", flat=True)) == {"Ani", "Budi", "Citra", "Dewi"}
        (weight,) = care.rows_where(kind="timbang")
        assert weight.author == User.objects.get(username="kader1").pk
        assert (device_of(weight.row.id), weight.row.facility_code) == (phone.device, "POS-1")
        rows = care.rows_where(kind="daftar_orang")
        sealed = {row.row.data["nama"]: row.row.data.get("nik") for row in rows}["Citra"]
        assert opened(SEAL, sealed) == NIK != sealed, "sealed with the keys of the district"
    phone.sync()
    assert {"Citra", "Dewi"} <= {each["data"].get("nama") for each in phone.store.values()}
    assert not phone.sent


@contextmanager
def listening(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server of this process; gives its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(http.server.BaseHTTPRequestHandler):
    """Writes no log."""

    def log_message(self, *_words: object) -> None: ...  # type: ignore[override]


def test_a_file_that_was_cut_goes_on_where_it_broke_and_lies_sealed_until_it_is_read(
    tmp_path: Path, settings: Any, db: None
) -> None:
    lines = b"".join(b'{"nama": "Ani %d"}\n' % number for number in range(4000))
    contents = {"a": zstandard.compress(lines), "b": zstandard.compress(b"another\n")}
    asked: list[str | None] = []
    now, cuts, size = "a", True, len(contents["a"])

    class Cutting(Quiet):
        def do_GET(self) -> None:
            content, tag = contents[now], f'"{now}"'
            asked.append(self.headers.get("Range"))
            start = int(asked[-1][6:-1]) if asked[-1] and self.headers["If-Range"] == tag else 0
            self.send_response(HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self.wfile.write(content[start : (start + len(content)) // 2 if cuts else None])

    settings.VAR = tmp_path
    file = AreaFile()
    with listening(Cutting) as url:
        for _ in range(2):
            with pytest.raises(Unreached, match="terputus"):
                District(url).load("/api/sync/snapshot", file)
            file = AreaFile()  # of another process
        with (tmp_path / "edge" / "area.part").open("ab") as torn:
            torn.write(b"what a write that was cut left")
        cuts = False
        District(url).load("/api/sync/snapshot", file)
        file.finish()
        assert [json.loads(line) for line in file.lines()] == [{"nama": f"Ani {n}"} for n in range(4000)]
        assert [each and int(each[6:-1]) for each in asked] == [
            None,
            size // 2,
            size // 2 + (size - size // 2) // 2,
        ]
        assert not any(b"Ani" in path.read_bytes() for path in (tmp_path / "edge").iterdir())
        kept = (tmp_path / "edge" / "area.whole").read_bytes()
        (tmp_path / "edge" / "area.whole").write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(SealError):
            list(file.lines())
        now = "b"
        file.begin("something else")
        District(url).load("/api/sync/snapshot", file)
        file.finish()
        assert list(file.lines()) == [b"another"]


@pytest.mark.parametrize(
    ("status", "body", "fault", "words"),
    [
        (502, b"<html>Bad Gateway", Unreached, "jawaban kabupaten tidak terbaca"),
        (200, b"<html>Selamat datang di WiFi", Unreached, "jawaban kabupaten tidak terbaca"),
        (503, b'{"siap": false}', Unreached, "jawaban kabupaten tidak terbaca"),
        (403, b'{"error": "state", "words": "Ponsel"}', Denied, "Server ini dihentikan oleh kabupaten"),
        (400, b'{"error": "body", "words": "Kiriman"}', Denied, "Kiriman"),
    ],
)
def test_an_answer_that_is_not_the_districts_is_no_answer(
    status: int, body: bytes, fault: type[Exception], words: str
) -> None:
    class Other(Quiet):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with listening(Other) as url, pytest.raises(fault, match=words):
        District(url).get("/api/sync/pull")


@pytest.mark.any_database
def test_it_tries_less_and_less_often_while_nobody_answers(
    machine: Callable[[str], Machine],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 6:
            raise KeyboardInterrupt

    edge = machine("utara")
    with edge.inside(settings):
        links = apps.get_model("sync.Link")._default_manager
        links.create(url=f"http://127.0.0.1:{free_port()}", device_id=1000, last_device=5095, token="x")
        monkeypatch.setattr(time, "sleep", sleep)
        assert main(["edge", "sync", "--every", "300"]) == 130
    assert waited == [600, 1200, 2400, 3600, 3600, 3600]
    assert capsys.readouterr().err.count("server kabupaten tidak menjawab") == len(waited)
