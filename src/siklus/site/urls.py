"""Addresses: the desk's pages, the import pages, and the choice of language. Each room keeps its own list."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("bahasa/", include("django.conf.urls.i18n"))]
if find_spec("siklus.exchange.excel") and find_spec("siklus.exchange.excel.urls"):
    urlpatterns.append(path("impor/", include("siklus.exchange.excel.urls")))
if find_spec("siklus.desk.urls"):
    urlpatterns.append(path("", include("siklus.desk.urls")))
