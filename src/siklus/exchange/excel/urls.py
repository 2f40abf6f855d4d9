"""Addresses of the import pages, under /impor/."""

from __future__ import annotations

from django.urls import path

from siklus.exchange.excel import views

app_name = "impor"
urlpatterns = [
    path("", views.history, name="daftar"),
    path("<int:batch_id>/", views.look, name="lihat"),
    path("<int:batch_id>/kolom/", views.mapping, name="kolom"),
    path("<int:batch_id>/baris/<int:number>/", views.one_row, name="baris"),
    path("<int:batch_id>/saran/", views.suggestion, name="saran"),
    path("<int:batch_id>/simpan/", views.save, name="simpan"),
    path("<int:batch_id>/batalkan/", views.undo, name="batalkan"),
    path("<int:batch_id>/buang/", views.discard, name="buang"),
    path("<int:batch_id>/ditolak.xlsx", views.refused_rows, name="ditolak"),
]
