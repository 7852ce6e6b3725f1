"""Seals the trail in the database and makes the table of the shared cache."""

from django.core.management import call_command
from django.db import migrations

from openroads.directory.seal import seal, unseal


def put_on(apps, schema_editor):
    seal(schema_editor.connection)


def take_off(apps, schema_editor):
    unseal(schema_editor.connection)


def make_cache(apps, schema_editor):
    """Several processes count sign-in attempts together in this table; one process does not use it."""
    call_command(
        "createcachetable", "openroads_cache", database=schema_editor.connection.alias, verbosity=0
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.RunPython(put_on, take_off, elidable=False),
        migrations.RunPython(make_cache, migrations.RunPython.noop),
    ]
