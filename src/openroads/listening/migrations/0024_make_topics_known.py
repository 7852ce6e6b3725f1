"""The topics that are there already become known to the rooms that do not know this one."""

from typing import Any

from django.db import migrations


def make_known(apps: Any, schema_editor: Any) -> None:
    topics, known = apps.get_model("listening", "Topic"), apps.get_model("directory", "KnownTopic")
    for topic in topics.objects.select_related("in_force"):
        version = topic.in_force or topic.versions.order_by("-number").first()
        if version is not None:
            told = {"name": topic.name, "canonical": version.canonical, "in_use": topic.archived_at is None}  # fmt: skip
            known.objects.update_or_create(number=topic.pk, defaults=told)


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_known_topics"),
        ("listening", "0023_more_said"),
    ]

    operations = [migrations.RunPython(make_known, migrations.RunPython.noop)]
