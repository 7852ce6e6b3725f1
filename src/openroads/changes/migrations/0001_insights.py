"""Insights, what they rest on, the words quoted with them, and who reads."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openroads.directory.post_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0003_ended_and_trail_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Insight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                (
                    "title",
                    models.CharField(max_length=200, verbose_name="the insight in one sentence"),
                ),
                (
                    "explanation",
                    models.TextField(blank=True, max_length=4000, verbose_name="explanation"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for a decision"),
                            ("withdrawn", "withdrawn"),
                            ("joined", "joined to another"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("origin_room", models.CharField(blank=True, max_length=30)),
                ("origin_id", models.CharField(blank=True, max_length=60)),
                ("origin_url", models.TextField(blank=True)),
                (
                    "first_on",
                    models.DateField(
                        blank=True,
                        help_text="the day of the first post among the evidence",
                        null=True,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decide_within", models.PositiveSmallIntegerField(default=14, help_text="days")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_why", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "joined_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="changes.insight",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "insight",
                "verbose_name_plural": "insights",
                "ordering": ("opened_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("posts", "posts"),
                            ("view", "saved view"),
                            ("topic", "topic"),
                            ("pattern", "pattern"),
                            ("case", "case"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="what it is")),
                ("url", models.TextField(blank=True)),
                ("now_url", models.TextField(blank=True)),
                ("query", models.TextField(blank=True, verbose_name="query")),
                (
                    "version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="version"),
                ),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, help_text="not in it any more", null=True)),
                ("first_on", models.DateField(blank=True, null=True)),
                ("as_of", models.DateTimeField(default=django.utils.timezone.now)),
                ("posts", models.PositiveIntegerField(blank=True, null=True)),
                ("people", models.PositiveIntegerField(blank=True, null=True)),
                ("nameless", models.PositiveIntegerField(blank=True, null=True)),
                ("rated", models.PositiveIntegerField(blank=True, null=True)),
                ("net", models.FloatField(blank=True, null=True)),
                ("net_low", models.FloatField(blank=True, null=True)),
                ("net_high", models.FloatField(blank=True, null=True)),
                ("cases", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "insight",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="changes.insight",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("as_of", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="the first of the month")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("topic", "topic"),
                            ("insight", "insight"),
                            ("pattern", "pattern"),
                            ("digest", "digest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("thing", models.PositiveBigIntegerField()),
                ("who", models.CharField(max_length=32)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("post", openroads.directory.post_ids.PostId()),
                ("published_at", models.DateTimeField()),
                ("source", models.PositiveIntegerField()),
                ("network", models.CharField(max_length=40)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("tone", models.FloatField(blank=True, null=True)),
                ("mood", models.SmallIntegerField(default=-128)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField(blank=True)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("removed_on", models.DateField(blank=True, null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="changes.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "quoted post",
                "verbose_name_plural": "quoted posts",
                "ordering": ("pk",),
            },
        ),
        migrations.AddIndex(
            model_name="insight",
            index=models.Index(fields=["state", "department"], name="insights_waiting"),
        ),
        migrations.AddConstraint(
            model_name="insight",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("joined_to__isnull", False), ("state", "joined")),
                    models.Q(
                        models.Q(("state", "joined"), _negated=True), ("joined_to__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="joined_to_another_or_not_at_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                fields=("month", "department", "kind", "thing", "who"), name="read_once_a_month"
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(fields=["post"], name="samples_of_a_post"),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(fields=["source", "published_at"], name="samples_of_a_source"),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.UniqueConstraint(
                fields=("evidence", "post"), name="a_post_is_quoted_once"
            ),
        ),
    ]
