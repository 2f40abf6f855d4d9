"""What stands in a browser between a page from elsewhere and our users: policy, tokens, cookies, nothing kept."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from siklus.access.queries import User
from siklus.site import settings
from tests.integration import area as places

LOGIN, COOKIES = "/masuk/", ("siklus_sesi", "csrftoken")


@pytest.fixture
def client(users: dict[str, User]) -> Client:
    """A puskesmas that came in by the page, as people do; forms without a token are refused to it."""
    client = Client(enforce_csrf_checks=True)
    assert client.get(LOGIN).status_code == 200
    known = {"username": "utara", "password": places.WORD, "csrfmiddlewaretoken": token(client)}
    assert client.post(LOGIN, known).status_code == 302
    return client


def token(client: Client) -> str:
    return client.cookies["csrftoken"].value


def policy(response: Any) -> dict[str, list[str]]:
    told = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in told}


def pages_with_names(client: Client) -> list[Any]:
    child = places.label(places.child("Ani"))
    found = [client.get(address) for address in (f"/orang/{child}/", f"/orang/{child}/data/", "/kebutuhan/")]
    assert [page.status_code for page in found] == [200] * len(found)
    assert "Ani" in found[0].content.decode()
    return found


def test_no_answer_lets_a_browser_run_or_load_what_is_not_ours(client: Client) -> None:
    others = [Client().get(address) for address in (LOGIN, "/tidak-ada/", "/api/sync/openapi.json")]
    for response in [*pages_with_names(client), *others]:
        told = policy(response)
        assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == ["'none'"]
        assert told["script-src"] == told["style-src"] == told["form-action"] == ["'self'"]
        allowed = {source for sources in told.values() for source in sources}
        assert allowed == {"'none'", "'self'", "data:"}


def test_no_page_with_names_is_kept_by_a_browser_or_on_the_way(client: Client) -> None:
    for response in pages_with_names(client):
        assert "no-store" in response.headers["Cache-Control"], response.request["PATH_INFO"]


def test_a_form_without_our_token_changes_nothing(client: Client) -> None:
    child = places.label(places.child("Ani"))
    for address in (LOGIN, "/keluar/", "/kata-sandi/", f"/orang/{child}/catat/?jenis=timbang"):
        assert client.post(address, {"username": "utara", "password": places.WORD}).status_code == 403, (
            address
        )
    assert client.get("/formulir/").status_code == 200, "still logged in"


def test_only_the_wire_of_phones_which_have_no_cookie_goes_without_a_token() -> None:
    without = {where for where, view in views(get_resolver().url_patterns) if is_exempt(view)}
    assert without and all(where.startswith("api/sync/") for where in without)


def views(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Any]]:
    for each in patterns:
        where = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from views(each.url_patterns, where)
        else:
            yield where, each.callback


def is_exempt(view: Any) -> bool:
    return bool(getattr(view, "csrf_exempt", False))


def test_no_script_reads_a_cookie_and_no_page_from_elsewhere_sends_it(client: Client) -> None:
    for name in COOKIES:
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_behind_https_cookies_travel_only_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIKLUS_VAR", str(tmp_path))
    monkeypatch.setenv("SIKLUS_HTTPS", "1")
    monkeypatch.setenv("SIKLUS_SECRET_KEY", "k" * 60)
    told = runpy.run_path(str(settings.__file__))
    assert told["SESSION_COOKIE_SECURE"] and told["CSRF_COOKIE_SECURE"] and told["SECURE_SSL_REDIRECT"]
    assert told["SECURE_HSTS_SECONDS"] > 0


@pytest.mark.parametrize(
    "elsewhere", ["https://jahat.example/", "//jahat.example/", "/\\jahat.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_after_coming_in(users: dict[str, User], elsewhere: str) -> None:
    known = {"username": "utara", "password": places.WORD, "next": elsewhere}
    assert Client().post(LOGIN, known).headers["Location"] == "/"
