"""An index for the needs of families: they are replaced by family, not by person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0002_danger")]

    operations = [
        migrations.AddIndex(
            model_name="need",
            index=models.Index(
                condition=models.Q(("unit", "household")), fields=["unit_id"], name="need_household"
            ),
        ),
    ]
