"""Addresses that others send posts to, and what came in there."""

import django.db.models.deletion
from django.db import migrations, models

from openroads.directory.encryption import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("listening", "0016_culture")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("file", "files"),
                    ("feed", "feed"),
                    ("network", "network"),
                    ("site", "own website"),
                    ("texts", "own texts"),
                    ("push", "pushed posts"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="PushAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=40, unique=True)),
                ("secret", EncryptedTextField(blank=True)),
                ("older_secret", EncryptedTextField(blank=True)),
                ("older_until", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_address",
                        to="listening.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "address for posts",
                "verbose_name_plural": "addresses for posts",
            },
        ),
        migrations.CreateModel(
            name="Payload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deed",
                    models.CharField(
                        help_text="the sender’s own id of this request", max_length=200
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField(blank=True)),
                ("size", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("read", "read"),
                            ("rejected", "rejected"),
                        ],
                        db_index=True,
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "answer",
                    models.JSONField(
                        default=dict, help_text="what was answered, and is answered again"
                    ),
                ),
                ("lines", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("deleted", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("came_at", models.DateTimeField(db_index=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="listening.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "pushed request",
                "verbose_name_plural": "pushed requests",
                "ordering": ("-came_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("source", "deed"), name="one_payload_of_a_deed")
                ],
            },
        ),
    ]
