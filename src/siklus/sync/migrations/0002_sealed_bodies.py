"""What was refused was kept as clear text; from here on it is sealed."""

from django.db import migrations

import siklus.register.sealed_text
from siklus.sync.resealing import reseal_refusals


def seal(apps, schema_editor):
    reseal_refusals()


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0001_phones"),
        ("register", "0003_sealed_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="refusal", name="body", field=siklus.register.sealed_text.SealedText()
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
