"""Addresses of the desk's pages about phones, under /perangkat/."""

from __future__ import annotations

from django.urls import path

from siklus.sync import views
from siklus.sync.edge import pages

app_name = "perangkat"
urlpatterns = [
    path("", views.phones, name="daftar"),
    path("simpul/", pages.here, name="simpul"),
    path("baru/", views.new, name="baru"),
    path("<int:device>/", views.phone, name="lihat"),
    path("tertahan/", views.inbox, name="tertahan"),
    path("tertahan/<int:key>/", views.refusal, name="tertahan_satu"),
]
