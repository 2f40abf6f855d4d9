"""Addresses of the wire, under /api/."""

from __future__ import annotations

from django.urls import path

from siklus.sync import api

app_name = "sync"
urlpatterns = [
    path("openapi.json", api.openapi, name="openapi"),
    path("sync/enrol", api.enrol, name="enrol"),
    path("sync/push", api.push, name="push"),
    path("sync/pull", api.pull, name="pull"),
    path("sync/snapshot", api.snapshot, name="snapshot"),
    path("sync/edge", api.edge, name="edge"),
    path("sync/wiped", api.wiped, name="wiped"),
]
