"""Until when what was computed of a person lasts. Empty rows are looked at on the next day, so nothing is computed here."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0003_need_household")]

    operations = [
        migrations.AddField(
            model_name="state",
            name="lasts",
            field=models.IntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="state",
            index=models.Index(
                condition=models.Q(("unit__in", ("person", "household"))),
                fields=["lasts"],
                name="state_lasts",
            ),
        ),
    ]
