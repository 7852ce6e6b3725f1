"""Brands, products, departments and teams can end; the trail is found by person and by deed."""

from django.db import migrations, models

from openroads.directory.seal import seal


def put_on_again(apps, schema_editor):
    seal(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_seal_and_cache")]

    operations = [
        migrations.AddField(
            "brand",
            "ended_on",
            models.DateField(blank=True, null=True, verbose_name="no longer looked for since"),
        ),
        migrations.AddField(
            "product",
            "ended_on",
            models.DateField(blank=True, null=True, verbose_name="no longer looked for since"),
        ),
        migrations.AddField(
            "department",
            "ended_on",
            models.DateField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AddField(
            "team", "ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")
        ),
        migrations.AddIndex(
            "trailentry", models.Index(fields=["by", "number"], name="trail_of_a_person")
        ),
        migrations.AddIndex(
            "trailentry", models.Index(fields=["verb", "number"], name="trail_of_a_deed")
        ),
        migrations.RunPython(put_on_again, migrations.RunPython.noop),
    ]
