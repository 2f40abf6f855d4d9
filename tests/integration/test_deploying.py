"""What a server that others can reach must not have, how long a login is believed, which passwords are taken."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from siklus.access import actions, guarding
from siklus.access.models import AuditEntry
from siklus.access.queries import User
from siklus.access.sessions import BEGAN, SEEN
from siklus.kernel.problems import ProblemError
from siklus.register.models import Installation
from siklus.site.cli import main
from siklus.site.commands.doctor_deploy import findings, of_settings
from tests.integration import area as places

SAFE: dict[str, Any] = {
    "DEBUG": False, "SIKLUS_TODAY": "", "ALLOWED_HOSTS": ["siklus.example"], "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 1, "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_HTTPONLY": True, "SECRET_KEY": "k" * 60,
}  # fmt: skip


@pytest.mark.parametrize(
    "unsafe",
    [
        {"DEBUG": True}, {"SIKLUS_TODAY": "2026-11-21"}, {"ALLOWED_HOSTS": ["*"]}, {"ALLOWED_HOSTS": ["localhost"]},
        {"SESSION_COOKIE_SECURE": False}, {"SECURE_HSTS_SECONDS": 0}, {"CSRF_COOKIE_HTTPONLY": False},
        {"SECRET_KEY": "pendek"},
    ],
)  # fmt: skip
def test_each_unsafe_setting_is_told_with_what_to_do(unsafe: dict[str, Any]) -> None:
    assert all(each.well for each in of_settings(SimpleNamespace(**SAFE)))
    (told,) = (each for each in of_settings(changed(unsafe)) if not each.well)
    assert told.todo


def changed(unsafe: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{**SAFE, **unsafe})


def test_files_passwords_and_the_guard_of_the_audit_are_looked_at(db: None, tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    key = var / "secret-key"
    key.write_text("x")
    key.chmod(0o644)
    places.lay_area()
    places.users()
    settings = SimpleNamespace(
        **SAFE, VAR=var, DATABASES={"default": {"ENGINE": "postgresql", "NAME": "siklus"}}
    )
    Installation.objects.all().delete()  # the people are real
    told = {each.check: each for each in findings(settings) if not each.well}
    assert set(told) == {
        "hak berkas",
        "kata sandi",
        "catatan akses",
        "masuk dua langkah",
    }  # tests hash cheaply and leave the audit open
    key.chmod(0o600)
    guarding.guard()
    User.objects.update(password="argon2$argon2id$v=19$x")
    User.objects.filter(role="dinkes").update(is_active=False)
    assert [each.check for each in findings(settings) if not each.well] == []
    (var / "demo-logins.txt").write_text("x")
    assert [each.check for each in findings(settings) if not each.well] == ["data contoh"]


def test_the_command_refuses_an_installation_for_trying(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--deploy"]) == 1
    assert "SIKLUS_HTTPS=1" in capsys.readouterr().out


def test_a_login_ends_after_long_silence_and_after_half_a_day(users: dict[str, User], settings: Any) -> None:
    client = Client()
    client.force_login(users["utara"])
    assert client.get("/formulir/").status_code == 200
    for name, seconds in ((SEEN, settings.SIKLUS_IDLE_SECONDS), (BEGAN, settings.SIKLUS_SESSION_SECONDS)):
        client.force_login(users["utara"])
        client.get("/formulir/")
        session = client.session
        session[name] -= seconds - 30
        session.save()
        assert client.get("/formulir/").status_code == 200, name
        session = client.session
        session[name] -= 60 + seconds
        session.save()
        assert client.get("/formulir/").headers["Location"].startswith("/masuk/"), name
    assert AuditEntry.objects.filter(action="masuk habis waktu").count() == 2


@pytest.mark.parametrize(
    ("word", "is_taken"),
    [
        ("pendek-9", False),
        ("password1234", False),
        ("baru9baru9baru9", True),
        ("kopi hangat pagi hari", True),
    ],
)
def test_a_password_is_long_and_not_a_common_one_and_need_not_be_mixed(
    area: None, word: str, is_taken: bool
) -> None:
    def adding() -> User:
        return actions.add_user(username="baru", password=word, role="kader", scope_code=places.POSYANDU[0])

    if is_taken:
        assert adding().check_password(word)
        return
    with pytest.raises(ProblemError) as refused:
        adding()
    assert {problem.code for problem in refused.value.problems} == {"A05"}
