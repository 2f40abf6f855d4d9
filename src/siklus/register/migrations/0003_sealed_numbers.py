"""NIK and No. KK were clear text; from here on they are sealed and found by an index."""

from django.db import migrations, models

from siklus.register import identity
from siklus.register.appending import change_rows

_AT_ONCE = 5000


def _seal(model, clear, sort, sealed, index):
    rows = []
    for key, number in (
        model.objects.exclude(**{clear: ""}).values_list("id", clear).iterator(chunk_size=_AT_ONCE)
    ):
        rows.append((*identity.columns(sort, number), key))
    for start in range(0, len(rows), _AT_ONCE):
        change_rows(model, (sealed, index), rows[start : start + _AT_ONCE])


def seal(apps, schema_editor):
    _seal(apps.get_model("register", "Person"), "nik", identity.NIK, "sealed_nik", "nik_index")
    _seal(apps.get_model("register", "Household"), "no_kk", identity.KK, "sealed_kk", "kk_index")


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_card_and_nik_indexes"),
    ]

    operations = [
        migrations.AddField(
            "household", "sealed_kk", models.CharField(blank=True, default="", max_length=120)
        ),
        migrations.AddField("household", "kk_index", models.CharField(blank=True, default="", max_length=30)),
        migrations.AddField("person", "sealed_nik", models.CharField(blank=True, default="", max_length=120)),
        migrations.AddField("person", "nik_index", models.CharField(blank=True, default="", max_length=30)),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="household", name="household_card"),
        migrations.RemoveIndex(model_name="person", name="person_id_number"),
        migrations.RemoveField(model_name="household", name="no_kk"),
        migrations.RemoveField(model_name="person", name="nik"),
        migrations.AddIndex(
            model_name="household", index=models.Index(fields=["kk_index"], name="household_card")
        ),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["nik_index"], name="person_id_number")
        ),
    ]
