"""What a file said of people was clear text; from here on it is sealed. Prints of rows held a No. KK: they go."""

from django.db import migrations

import siklus.register.sealed_text
from siklus.exchange.excel.resealing import reseal_rows


def seal(apps, schema_editor):
    apps.get_model("exchange", "Row").objects.exclude(fingerprint="").update(fingerprint="")
    reseal_rows()


def _sealed(name, **default):
    return migrations.AlterField(
        model_name="row", name=name, field=siklus.register.sealed_text.SealedText(**default)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_warnings"),
        ("register", "0003_sealed_numbers"),
    ]

    operations = [
        _sealed("cells"),
        _sealed("draft", default="{}"),
        _sealed("plan", default="[]"),
        _sealed("findings", default="[]"),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
