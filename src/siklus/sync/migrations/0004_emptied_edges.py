"""A state of an edge that sends first and is wiped then; what the phones of an edge still hold."""

from django.db import migrations, models

STATES = ("aktif", "henti", "hilang", "kosongkan", "hapus", "terhapus")


class Migration(migrations.Migration):
    dependencies = [("sync", "0003_edge")]

    operations = [
        migrations.AddField("subdevice", "pending", models.IntegerField(null=True)),
        migrations.RemoveConstraint("phone", "phone_state"),
        migrations.AddConstraint(
            "phone",
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="phone_state"),
        ),
    ]
