"""Addresses: /health and /metrics, the desk, imports, the rule book for phones, the choice of language."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from siklus.site.phone_book import phone_file
from siklus.site.watching import health, metrics

handler500 = "siklus.site.faults.told"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("aturan/<str:name>", phone_file, name="aturan"),
]
if find_spec("siklus.exchange.excel") and find_spec("siklus.exchange.excel.urls"):
    urlpatterns.append(path("impor/", include("siklus.exchange.excel.urls")))
if find_spec("siklus.sync"):
    urlpatterns.append(path("api/", include("siklus.sync.api_urls")))
    urlpatterns.append(path("perangkat/", include("siklus.sync.urls")))
if find_spec("siklus.desk.urls"):
    urlpatterns.append(path("", include("siklus.desk.urls")))
