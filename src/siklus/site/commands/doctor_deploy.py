"""`siklus doctor --deploy`: what must not be so once real people are in it. Each finding says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SHORTEST_KEY = 50
_OTHERS = 0o077
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HASHER = "argon2"


@dataclass(frozen=True, slots=True)
class Deploying:
    """One check of a server that others can reach."""

    check: str
    well: bool
    found: str
    todo: str


def findings(settings: Any) -> Iterator[Deploying]:
    """Everything, in the order in which it is put right."""
    yield from of_settings(settings)
    yield from _of_files(settings)
    yield from _of_users()
    yield from _of_second_steps()
    yield from _of_audit()


def of_settings(settings: Any) -> Iterator[Deploying]:
    """What stands in the environment."""
    yield Deploying(
        "mode pengembang", not settings.DEBUG, "menyala" if settings.DEBUG else "mati",
        "Hapus SIKLUS_DEBUG dari lingkungan: halaman galat membuka isi data.",
    )  # fmt: skip
    yield Deploying(
        "tanggal tetap", not settings.SIKLUS_TODAY, settings.SIKLUS_TODAY or "tidak ada",
        "Hapus SIKLUS_TODAY: hari ini harus hari ini.",
    )  # fmt: skip
    hosts = list(settings.ALLOWED_HOSTS)
    yield Deploying(
        "nama server", "*" not in hosts and bool(set(hosts) - _LOCAL), ", ".join(hosts),
        "Tulis nama server di SIKLUS_HOSTS, misalnya siklus.kabupaten.go.id; jangan '*'.",
    )  # fmt: skip
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    lacking = [name for name in names if not getattr(settings, name, False)]
    yield Deploying(
        "https", not lacking, "kurang " + ", ".join(lacking) if lacking else "menyala",
        "Pasang proxy https (Caddy, nginx) di depan, dengarkan di 127.0.0.1 saja, lalu SIKLUS_HTTPS=1.",
    )  # fmt: skip
    open_cookies = [
        name for name in ("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY") if not getattr(settings, name)
    ]
    yield Deploying(
        "kuki", not open_cookies, ", ".join(open_cookies) or "tertutup bagi naskah halaman",
        "Kembalikan pengaturan kuki seperti bawaan Siklus.",
    )  # fmt: skip
    long_enough = len(settings.SECRET_KEY) >= _SHORTEST_KEY
    yield Deploying(
        "panjang kunci rahasia", long_enough, f"{len(settings.SECRET_KEY)} huruf",
        "Kosongkan SIKLUS_SECRET_KEY: Siklus membuat kunci sendiri, atau isi dengan huruf acak yang panjang.",
    )  # fmt: skip


def _of_files(settings: Any) -> Iterator[Deploying]:
    folder = Path(settings.VAR)
    database = settings.DATABASES["default"]
    paths = [folder / "secret-key"]
    if "sqlite" in database["ENGINE"]:
        paths.append(Path(str(database["NAME"])))
    opened = [
        path for path in paths if path.exists() and path.stat().st_mode & _OTHERS and _is_reachable(path)
    ]
    yield Deploying(
        "hak berkas", not opened, ", ".join(map(str, opened)) or "hanya pemiliknya",
        f"chmod 700 {folder}; chmod 600 " + " ".join(map(str, opened or paths)),
    )  # fmt: skip
    from siklus.register.queries import is_sample

    demo = folder / "demo-logins.txt"
    yield Deploying(
        "data contoh", not (demo.exists() or is_sample()), "ada" if demo.exists() or is_sample() else "tidak ada",
        "Mulai dengan basis data kosong (siklus migrate) dan SIKLUS_VAR baru: kata sandi contoh tertulis di berkas.",
    )  # fmt: skip


def _is_reachable(path: Path) -> bool:
    """A folder that only its owner may enter guards what is in it."""
    return bool(path.parent.stat().st_mode & _OTHERS)


def _of_users() -> Iterator[Deploying]:
    from siklus.access.queries import users_by_hasher

    found = users_by_hasher()
    other = {name: count for name, count in found.items() if name != _HASHER}
    yield Deploying(
        "kata sandi", not other, ", ".join(f"{name}: {count}" for name, count in sorted(found.items())) or "belum ada",
        "Minta mereka masuk sekali lagi (sidik diperbarui saat masuk), atau buat pengguna baru.",
    )  # fmt: skip


def _of_second_steps() -> Iterator[Deploying]:
    from siklus.access.second_step import without

    lacking = without()
    yield Deploying(
        "masuk dua langkah", not lacking, "belum: " + ", ".join(lacking) if lacking else "terpasang bagi yang wajib",
        "Minta mereka masuk sekali dan memasang kode masuk; hentikan pengguna yang tidak dipakai.",
    )  # fmt: skip


def _of_audit() -> Iterator[Deploying]:
    from siklus.access.guarding import is_guarded

    well = is_guarded()
    yield Deploying(
        "catatan akses", well, "dijaga basis data" if well else "dapat diubah",
        "siklus migrate memasang penjaganya lagi.",
    )  # fmt: skip
