"""The rule book for phones: from our own origin, kept for ever by whoever has it, the same as the command writes."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from siklus.desk.statuses import OPEN, WORDS
from siklus.library import load_book
from siklus.library.forms import load_forms
from siklus.library.phone import phone_files
from siklus.rules.choosing import kept_by_name
from siklus.rules.emitters.javascript import write_module
from siklus.site.cli import main

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def manifest(client: Client) -> dict[str, str]:
    found: dict[str, str] = client.get("/aturan/manifest.json").json()
    return found


def test_the_manifest_names_the_files_of_today_and_is_asked_for_again(client: Client) -> None:
    response = client.get("/aturan/manifest.json")
    assert response.headers["Cache-Control"] == "no-cache"
    named = response.json()
    assert named["rulebook"] == load_book().hash
    assert named["module"].startswith(f"rules-{load_book().hash}-") and named["module"].endswith(".js")
    again = client.get("/aturan/manifest.json", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_module_may_be_kept_for_ever_and_nobody_has_to_log_in(
    client: Client, manifest: dict[str, str]
) -> None:
    response = client.get(f"/aturan/{manifest['module']}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == FOR_EVER
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    book = load_book()
    assert response.content.decode() == write_module(kept_by_name(book.rules), book.hash).text


def test_who_can_unpack_gets_it_packed(client: Client, manifest: dict[str, str]) -> None:
    for what in ("module", "knowledge"):
        plain = client.get(f"/aturan/{manifest[what]}")
        packed = client.get(f"/aturan/{manifest[what]}", headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) / 4
        assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("name", ["rules-0000000000000000-00000000.js", "..%2Fsettings.py", "manifest"])
def test_no_other_name_is_a_file(client: Client, name: str) -> None:
    assert client.get(f"/aturan/{name}").status_code == 404


def test_nothing_can_be_sent_there(client: Client) -> None:
    assert client.post("/aturan/manifest.json").status_code == 405


def test_the_command_writes_what_is_served(client: Client, manifest: dict[str, str], tmp_path: Path) -> None:
    assert main(["rules", "javascript", "--out", str(tmp_path / "new")]) == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()}
    assert written == phone_files(load_book())
    assert json.loads(written["manifest.json"]) == manifest
    assert set(written) == {*list(manifest.values())[1:], "manifest.json"}


def test_the_words_name_every_rule(client: Client, manifest: dict[str, str]) -> None:
    words = client.get(f"/aturan/{manifest['knowledge']}").json()
    assert list(words["needs"]) == [need.name for need in load_book().needs]
    assert words["vocabulary"]["kinds"].keys() == load_book().vocabulary.kinds.keys()


def test_the_forms_are_there_with_their_conditions(client: Client, manifest: dict[str, str]) -> None:
    told = client.get(f"/aturan/{manifest['forms']}").json()
    catalogue = load_forms()
    editions = {f"{form['form']}/{form['version']}" for form in told}
    assert editions == {form.edition for versions in catalogue.by_name.values() for form in versions}
    module = client.get(f"/aturan/{manifest['conditions']}").content.decode()
    assert "export const conditions" in module and '"kartu_balita/1"' in module
    assert catalogue.hash in manifest["forms"] and catalogue.hash in manifest["conditions"]


def test_phone_and_desk_say_the_same_words_of_a_status_in_one_order(project: Path) -> None:
    text = (project / "web/src/rules/statuses.ts").read_text(encoding="utf-8")
    table = text[text.index("STATUS_WORDS = {") : text.index("} as const")]
    said = re.findall(r'(\w+): "([^"]+)"', table)
    with translation.override("id"):
        assert said == [(status, str(word)) for status, word in WORDS.items() if status != "danger"]
    found = re.search(r"OPEN: readonly Status\[\] = \[([^\]]+)\]", text)
    assert found is not None and tuple(re.findall(r'"(\w+)"', found[1])) == OPEN
