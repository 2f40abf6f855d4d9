"""The NIK and No. KK in records were clear text; from here on they are sealed."""

from django.db import migrations

from siklus.care.resealing import reseal_log


def seal(apps, schema_editor):
    reseal_log()


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0005_stays"),
        ("register", "0003_sealed_numbers"),
    ]

    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
