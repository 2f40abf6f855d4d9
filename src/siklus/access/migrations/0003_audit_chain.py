"""The audit becomes a chain: lines written before are numbered and hashed in the order of their ids."""

from typing import Any

from django.db import migrations, models

from siklus.access.chain import FIRST, Link, hash_of


def chain_former_lines(apps: Any, _schema: Any) -> None:
    entries, heads = (apps.get_model("access", name) for name in ("AuditEntry", "AuditHead"))
    former, number = FIRST, 0
    for row in entries.objects.order_by("id").iterator(chunk_size=2000):
        number += 1
        link = Link(
            number=number,
            at=row.at,
            user_id=row.user_id,
            action=row.action,
            subject=row.subject,
            detail=row.detail,
        )
        former = hash_of(link, former)
        entries.objects.filter(pk=row.pk).update(number=number, hash=former)
    heads.objects.create(pk=1, count=number, hash=former)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_roles")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("count", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.AlterField("AuditEntry", "at", models.DateTimeField(db_index=True)),
        migrations.AddField("AuditEntry", "number", models.BigIntegerField(null=True)),
        migrations.AddField(
            "AuditEntry", "hash", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.RunPython(chain_former_lines, migrations.RunPython.noop),
        migrations.AlterField("AuditEntry", "number", models.BigIntegerField(unique=True)),
    ]
