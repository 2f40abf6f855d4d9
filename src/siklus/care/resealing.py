"""The numbers that name somebody, in the record log, brought to the key in force. What a record says stays as it is."""

from __future__ import annotations

from django.db import transaction

from siklus.care.log import read_data, write_data
from siklus.care.models import Record
from siklus.library.loading import load_book
from siklus.register.appending import change_rows
from siklus.register.identity import sealed_data
from siklus.register.resealing import pages


def reseal_log() -> int:
    """All records of kinds that hold such a number; gives how many rows were written."""
    kinds = load_book().vocabulary.kinds.values()
    holding = [kind.name for kind in kinds if any(each.identifier for each in kind.fields.values())]
    written = 0
    for ids in pages(Record, kind__in=holding):
        with transaction.atomic():
            rows = Record.objects.filter(id__in=ids).select_for_update().values_list("id", "data")
            read = ((key, read_data(text)) for key, text in rows)
            changed = [(write_data(told), key) for key, data in read if (told := sealed_data(data)) != data]
            change_rows(Record, ("data",), changed)
        written += len(changed)
    return written
