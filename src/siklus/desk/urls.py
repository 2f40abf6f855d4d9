"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path, register_converter

from siklus.desk.views import (
    accounts,
    audit,
    dangers,
    dashboard,
    doubles,
    emergency,
    family,
    forms,
    guests,
    held,
    home,
    login,
    needs,
    person,
    record,
    reviews,
    search,
    second_step,
    sheets,
    spm,
    trials,
    who,
)
from siklus.desk.views.common import RecordIdConverter

register_converter(RecordIdConverter, "record")

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("masuk/", login.come_in, name="login"),
    path("kode-masuk/", second_step.code, name="code"),
    path("kode-masuk/saya/", second_step.own, name="second_step"),
    path("pastikan/", second_step.sure, name="sure"),
    path("keluar/", login.leave, name="logout"),
    path("cari/", search.search, name="search"),
    path("orang/<record:person_id>/", person.person, name="person"),
    path("orang/<record:person_id>/data/", held.held, name="held"),
    path("orang/<record:person_id>/gabungan/", doubles.merges, name="merges"),
    path("orang/<record:person_id>/titip/", guests.entrust, name="entrust"),
    path("orang/<record:person_id>/catat/", record.new, name="record_new"),
    path("orang/<record:person_id>/catatan/<record:record_id>/", record.change, name="record_change"),
    path("keluarga/<record:household_id>/", family.family, name="family"),
    path("siapa-berhak/", who.who, name="who"),
    path("bahaya/", dangers.dangers, name="dangers"),
    path("ganda/", doubles.doubles, name="doubles"),
    path("ganda/<int:pair_id>/", doubles.double, name="double"),
    path("kebutuhan/", needs.needs, name="needs"),
    path("kebutuhan/unduh/", needs.download, name="needs_xlsx"),
    path("formulir/", forms.forms, name="forms"),
    path("formulir/<slug:name>/", forms.form, name="form"),
    path("rekapitulasi/<slug:name>/", sheets.sheet, name="sheet"),
    path("rekapitulasi/<slug:name>/unduh/", sheets.download, name="sheet_xlsx"),
    path("uji-aturan/", trials.cases, name="trials"),
    path("uji-aturan/baru/", trials.new, name="trial_new"),
    path("uji-aturan/<int:case_id>/", trials.trial, name="trial"),
    path("uji-aturan/<int:case_id>/keluarkan/", trials.drop, name="trial_drop"),
    path("telaah/", reviews.reviews, name="reviews"),
    path("telaah/pertanyaan/", reviews.questions, name="reviews_questions"),
    path("telaah/bagian/<slug:name>/", reviews.group, name="reviews_group"),
    path("telaah/<slug:kind>/<slug:name>/", reviews.review, name="review"),
    path("pengguna/", accounts.users, name="users"),
    path("kata-sandi/", accounts.password, name="password"),
    path("darurat/", emergency.look_up, name="emergency"),
    path("catatan-akses/darurat/", emergency.openings, name="openings"),
    path("catatan-akses/", audit.audit, name="audit"),
    path("spm/", spm.spm, name="spm"),
    path("indikator/", dashboard.dashboard, name="dashboard"),
    path("indikator/<slug:indicator>/", dashboard.names, name="figure_names"),
    path("spm/<slug:indicator>/", spm.names, name="spm_names"),
    path("spm/<slug:indicator>/unduh/", spm.download, name="spm_names_xlsx"),
]
