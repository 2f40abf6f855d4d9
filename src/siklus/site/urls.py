"""Addresses: the desk's pages, the import pages, the rule book for phones, and the choice of language."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from siklus.site.phone_book import phone_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("bahasa/", include("django.conf.urls.i18n")),
    path("aturan/<str:name>", phone_file, name="aturan"),
]
if find_spec("siklus.exchange.excel") and find_spec("siklus.exchange.excel.urls"):
    urlpatterns.append(path("impor/", include("siklus.exchange.excel.urls")))
if find_spec("siklus.desk.urls"):
    urlpatterns.append(path("", include("siklus.desk.urls")))
