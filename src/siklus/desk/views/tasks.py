"""The list of whom somebody was asked to see, for the user's area; opening it is logged."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access import clock
from siklus.access.actions import note
from siklus.access.may import RECORD, SEE_TASKS, may
from siklus.access.queries import person_lines
from siklus.care.tasks import ANSWER, open_tasks
from siklus.desk import figures, record_form, words
from siklus.desk.pages import tasks as page_of
from siklus.desk.views.common import only_for, own_area, page_number, person_href, place_crumbs
from siklus.library.loading import load_book

_A_PAGE = 50


@only_for(SEE_TASKS)
def tasks(request: HttpRequest) -> HttpResponse:
    """Requests nobody answered yet, the earliest end first, so that overdue ones stand on top."""
    area, today, asked = own_area(request.user), clock.today(), page_number(request)
    found = open_tasks(request.user)
    shown = found[(asked - 1) * _A_PAGE : asked * _A_PAGE]
    if shown:
        note(request.user, "lihat daftar nama", "tugas")
    persons = person_lines(request.user, {task.person_id for task in shown})
    late = sum(page_of.is_late(task, today) for task in found)
    page = page_of.TasksPage(
        title=_("Tugas: %(place)s") % {"place": area.name},
        crumbs=place_crumbs(request.user, area, reverse("desk:tasks"), {}),
        lead=figures.sentence(
            _("**%(n)s permintaan** belum dijawab, **%(late)s** di antaranya lewat waktu.")
            % {"n": words.number(len(found)), "late": words.number(late)}
        ),
        lines=page_of.task_lines(
            shown, persons, {key: person_href(key) for key in persons},
            {key: _answer_href(key) for key in persons} if may(request.user, RECORD) else {},
            load_book().vocabulary, today=today,
        ),
        pager=figures.pager_of(
            _("%(n)s permintaan") % {"n": words.number(len(found))}, page=asked,
            pages=max(1, -(-len(found) // _A_PAGE)), query={},
        ),
    )  # fmt: skip
    return render(request, "desk/tasks.html", {"page": page})


def _answer_href(person_id: int) -> str:
    return f"{reverse('desk:record_new', args=[person_id])}?{record_form.KIND}={ANSWER}"
