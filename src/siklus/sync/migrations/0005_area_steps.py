"""How far an edge is in taking in the file of its whole area."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0004_emptied_edges")]

    operations = [
        migrations.AddField("link", "area_tag", models.CharField(max_length=80, blank=True, default="")),
        migrations.AddField("link", "area_done", models.IntegerField(default=0)),
        migrations.AddField("link", "area_all", models.IntegerField(default=0)),
    ]
