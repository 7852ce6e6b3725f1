"""The register of erasures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import openroads.directory.encryption

STATES = [
    ("waiting", "waiting"),
    ("running", "being erased"),
    ("searching", "being searched"),
    ("done", "erased"),
    ("look", "needs a look"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0003_views_and_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=30, verbose_name="network")),
                ("handle", openroads.directory.encryption.EncryptedTextField(blank=True)),
                ("clues", openroads.directory.encryption.EncryptedTextField(blank=True)),
                ("keys", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=STATES, db_index=True, default="waiting", max_length=10
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("posts", models.PositiveBigIntegerField(default=0, verbose_name="posts")),
                ("words", models.PositiveBigIntegerField(default=0)),
                ("sources", models.JSONField(default=list)),
                ("previews", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("files", models.JSONField(default=list)),
                ("mentions", models.PositiveBigIntegerField(default=0)),
                ("own_texts", models.PositiveIntegerField(default=0)),
                ("searched", models.PositiveIntegerField(default=0)),
                ("found_before", models.PositiveIntegerField(default=0)),
                ("left", models.JSONField(default=list)),
                ("old_parts", models.JSONField(default=list)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "ordering": ("-asked_at", "-pk"),
            },
        ),
    ]
