"""The import pages: history and upload, what was found in a file, columns, one doubtful row, saving and undoing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import IMPORT, may
from siklus.access.queries import User
from siklus.access.scope import access_area, access_persons
from siklus.exchange.excel import actions, pages, queries
from siklus.exchange.excel.choosing import candidates_of
from siklus.exchange.excel.columns import AUTO, all_layouts
from siklus.exchange.excel.guard import MAX_FILE, MEGABYTE
from siklus.exchange.excel.refused import refused_workbook
from siklus.exchange.excel.sheets import column_letters
from siklus.exchange.excel.staging import area_of, header_of
from siklus.exchange.excel.verdicts import AS_NEW, SAME, SKIP, Decision
from siklus.exchange.excel.words import Refused
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book
from siklus.records.words import number
from siklus.register import areas

PAGE_SIZE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
View = Callable[..., HttpResponse]


def for_importers(view: View) -> View:
    """Only those who may bring in lists: puskesmas and Dinkes."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, IMPORT):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@for_importers
def history(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form for a new file; a file that cannot be taken says why and what to do."""
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            return _taken_in(request)
        except Refused as error:
            refusal = error
    batches = [
        {"batch": batch, "counts": queries.counts_of(batch), "state": pages.state_words(batch),
         "place": areas.names_of([batch.place_code]).get(batch.place_code, batch.place_code)}
        for batch in queries.batches_for(request.user)
    ]  # fmt: skip
    context = {
        "batches": batches, "layouts": all_layouts(), "places": _places(request), "limit": MAX_FILE // MEGABYTE,
        "why": refusal.finding.why(_) if refusal else "", "todo": refusal.finding.todo(_) if refusal else "",
    }  # fmt: skip
    return render(request, "impor/daftar.html", context)


@require_GET
@for_importers
def look(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What was found in a file, by verdict; nothing is stored until "Simpan"."""
    batch = queries.batch_for(request.user, batch_id)
    shown = request.GET.get("lihat", "")
    if shown not in pages.VERDICT_BY_TAB and shown != pages.COLUMNS:
        shown = pages.first_tab(batch)
    header, layout, counts = header_of(batch), queries.layout_of(batch), queries.counts_of(batch)
    context: dict[str, Any] = {
        "batch": batch, "counts": counts, "shown": shown, "tabs": pages.tabs_of(batch, header, shown),
        "state": pages.state_words(batch), "layout": layout, "place": area_of(batch),
        "good": counts.get("new", 0) + counts.get("match", 0) - counts.get("saved", 0),
        "warnings": [(one.why(_), one.todo(_)) for one in queries.warnings_of(batch)],
        "same": queries.same_file(batch) if batch.state == queries.STAGED else None,
    }  # fmt: skip
    if shown == pages.COLUMNS:
        letters = [column_letters(position) for position in range(len(header.texts))]
        context["columns"] = pages.column_lines(header, layout, letters)
        context["lacking"] = [
            column.title
            for key, column in layout.columns.items()
            if column.required and key not in header.keys
        ]
    else:
        context |= _rows(request, batch, shown)
    note(request.user, "lihat impor", f"batch {batch.pk}", shown)
    return render(request, "impor/lihat.html", context)


@require_http_methods(["GET", "POST"])
@for_importers
def mapping(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Which column is which, for the clerk to change."""
    batch = queries.batch_for(request.user, batch_id)
    header, layout = header_of(batch), queries.layout_of(batch)
    if request.method == "POST":
        keys = [request.POST.get(f"kolom-{position}") or None for position in range(len(header.texts))]
        return _tried(request, batch, lambda: actions.change_mapping(batch, keys, clock.today()), "kolom")
    letters = [column_letters(position) for position in range(len(header.texts))]
    context = {
        "batch": batch, "columns": pages.column_lines(header, layout, letters), "layout": layout,
        "meanings": list(layout.columns.values()),
    }  # fmt: skip
    return render(request, "impor/kolom.html", context)


@require_http_methods(["GET", "POST"])
@for_importers
def one_row(request: HttpRequest, batch_id: int, number: int) -> HttpResponse:
    """A doubtful row beside those it may mean: the same person, somebody new, or left out."""
    batch = queries.batch_for(request.user, batch_id)
    view = queries.RowView(get_object_or_404(queries.Row, batch=batch, number=number))
    if request.method == "POST":
        decision = _decision(request.POST.get("putusan", ""), view)
        if decision is None:
            messages.warning(request, _("Pilih salah satu putusan."))
            return HttpResponseRedirect(request.path)
        return _tried(
            request, batch,
            lambda: actions.decide(batch, row=view.row, decision=decision, today=clock.today()), "meragukan",
        )  # fmt: skip
    places = areas.names_of(pages.place_codes([view]))
    candidates = candidates_of(view, access_persons(request.user))
    for one in candidates:
        if one.person_id is not None:
            note(request.user, "lihat orang", pages.id_text(one.person_id), "impor")
    remarks = pages.lines_of([view], load_book().vocabulary, places)[0].remarks
    context = {
        "batch": batch, "row": view.row, "draft": view.draft, "places": places, "candidates": candidates,
        "remarks": remarks, "said": pages.said_of(view.draft, places), "may_be_same": view.draft["may_be_same"],
        "birth": parse_day(view.draft["person"]["birth"]),
        "desa": places.get(view.draft["desa"], ""), "posyandu": places.get(view.draft["posyandu"], ""),
    }  # fmt: skip
    return render(request, "impor/baris.html", context)


@require_POST
@for_importers
def suggestion(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One tap: read this text of this column so, in the whole file."""
    batch = queries.batch_for(request.user, batch_id)
    column, found, chosen = (request.POST.get(name, "")[:200] for name in ("kolom", "isi", "dibaca"))
    if column not in queries.layout_of(batch).columns or not chosen:
        return HttpResponseRedirect(reverse("impor:lihat", args=[batch.pk]))
    return _tried(
        request, batch,
        lambda: actions.choose(batch, column=column, found=found, chosen=chosen, today=clock.today()), "ditolak",
    )  # fmt: skip


@require_POST
@for_importers
def save(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Write the good rows."""
    batch = queries.batch_for(request.user, batch_id)

    def write() -> None:
        done = actions.save(batch, author=_author(request), today=clock.today())
        said = _("%(rows)s baris disimpan menjadi %(records)s catatan.") % {
            "rows": number(done.rows), "records": number(done.records)
        }  # fmt: skip
        if done.waiting:
            said += " " + _("%(n)s baris meragukan menunggu putusan.") % {"n": number(done.waiting)}
        messages.success(request, said)
        if done.refused:
            messages.warning(request, _("%(n)s baris ditolak saat disimpan.") % {"n": number(done.refused)})
        _warn_unsettled(request, done.settled)

    return _tried(request, batch, write, "")


@require_http_methods(["GET", "POST"])
@for_importers
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Say what undoing would do; do it when asked to, with a reason."""
    batch = queries.batch_for(request.user, batch_id)
    author, today = _author(request), clock.today()
    if request.method == "POST":

        def take_back() -> None:
            why = request.POST.get("alasan", "").strip()[:200] or _("impor dibatalkan")
            done = actions.undo(batch, author=author, today=today, why=why)
            messages.success(request, _("%(n)s catatan dibatalkan.") % {"n": number(done.records)})
            if done.kept:
                said = _("%(n)s orang tetap terdaftar karena sudah ada catatan lain tentang mereka.")
                messages.warning(request, said % {"n": number(len(done.kept))})
            _warn_unsettled(request, done.settled)

        return _tried(request, batch, take_back, "")
    if batch.state != queries.SAVED:
        return HttpResponseRedirect(reverse("impor:lihat", args=[batch.pk]))
    would = actions.try_undo(batch, today=today)
    kept = access_persons(request.user).filter(id__in=would.kept[:PAGE_SIZE]).values_list("id", "name")
    context = {
        "batch": batch, "would": would,
        "kept": [{"name": name, "href": pages.person_href(key)} for key, name in kept],
    }  # fmt: skip
    return render(request, "impor/batalkan.html", context)


@require_POST
@for_importers
def discard(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Forget a file that was not saved."""
    batch = queries.batch_for(request.user, batch_id)
    try:
        actions.discard(batch, author=_author(request))
        messages.success(request, _("Berkas dibuang. Tidak ada yang disimpan."))
    except Refused as refusal:
        messages.warning(request, f"{refusal.finding.why(_)} {refusal.finding.todo(_)}")
    return HttpResponseRedirect(reverse("impor:daftar"))


@require_GET
@for_importers
def refused_rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The refused rows with their reasons, to be corrected in Excel and sent again."""
    batch = queries.batch_for(request.user, batch_id)
    note(request.user, "unduh baris ditolak", f"batch {batch.pk}")
    response = HttpResponse(refused_workbook(batch, _), content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="impor-{batch.pk}-ditolak.xlsx"'
    return response


def _taken_in(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("berkas")
    if upload is None or upload.size is None:
        raise Refused("file_empty")
    if upload.size > MAX_FILE:
        limit = MAX_FILE // MEGABYTE
        raise Refused("file_too_big", size=str(upload.size // MEGABYTE + 1), limit=str(limit))
    area = access_area(
        request.user, str(request.POST.get("wilayah") or getattr(request.user, "scope_code", ""))
    )
    batch = actions.stage(
        upload.read(), file_name=upload.name or "", area=area, author=_author(request), today=clock.today(),
        layout=request.POST.get("susunan") or AUTO,
    )  # fmt: skip
    note(request.user, "impor diunggah", f"batch {batch.pk}")
    return HttpResponseRedirect(reverse("impor:lihat", args=[batch.pk]))


def _rows(request: HttpRequest, batch: queries.Batch, shown: str) -> dict[str, Any]:
    """A page of rows of one verdict."""
    asked = request.GET.get("hal", "1")
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    verdict = pages.VERDICT_BY_TAB[shown]
    total = queries.counts_of(batch).get(verdict, 0)
    views = queries.views_of(batch, verdict, (page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    pager = pages.pager_of(batch, shown, page, PAGE_SIZE, total)
    if shown == "ditolak":
        return {"faults": pages.fault_lines(views, queries.layout_of(batch)), "pager": pager}
    places = areas.names_of(pages.place_codes(views))
    return {"lines": pages.lines_of(views, load_book().vocabulary, places), "pager": pager}


def _decision(said: str, view: queries.RowView) -> Decision | None:
    """`new`, `skip`, or `same:ID` of one of the candidates the page offered."""
    if said in (AS_NEW, SKIP):
        return Decision(said) if said == SKIP or view.draft["may_be_same"] else None
    choice, _colon, who = said.partition(":")
    offered = {str(one.id): one.id for one in view.candidates}
    return Decision(SAME, offered[who]) if choice == SAME and who in offered else None


def _tried(request: HttpRequest, batch: queries.Batch, work: Callable[[], None], shown: str) -> HttpResponse:
    """Does the work and goes back to the file; what cannot be done is said there."""
    try:
        work()
    except Refused as refusal:
        messages.warning(request, f"{refusal.finding.why(_)} {refusal.finding.todo(_)}")
    address = reverse("impor:lihat", args=[batch.pk])
    return HttpResponseRedirect(f"{address}?lihat={shown}" if shown else address)


def _places(request: HttpRequest) -> list[areas.Area]:
    """The areas a file may be for: the user's own, and for a district its puskesmas."""
    own = access_area(request.user, getattr(request.user, "scope_code", ""))
    return [own, *(areas.areas_under(own.code, "puskesmas") if own.kind == areas.KABUPATEN else ())]


def _author(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _warn_unsettled(request: HttpRequest, settled: bool) -> None:
    if not settled:
        said = _(
            "Catatan tersimpan, tetapi kebutuhan dan cakupan belum dihitung ulang. Beri tahu pengelola sistem."
        )
        messages.warning(request, said)
