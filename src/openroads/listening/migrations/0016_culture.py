"""Listening as a habit: subscriptions, digests, listening hours, exports; views and notes that are shared."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openroads.directory.post_ids


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0001_insights"),
        ("directory", "0003_ended_and_trail_indexes"),
        ("listening", "0013_streams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("posts", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "digest",
                "verbose_name_plural": "digests",
                "ordering": ("-made_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.TextField()),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet")],
                        default="csv",
                        max_length=8,
                        verbose_name="format",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being written"),
                            ("done", "ready"),
                            ("failed", "ended with a fault"),
                            ("gone", "deleted"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("found", models.PositiveBigIntegerField(default=0)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("path", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Hour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="what it is about")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(blank=True, max_length=500, verbose_name="what came of it"),
                ),
            ],
            options={
                "verbose_name": "listening hour",
                "verbose_name_plural": "listening hours",
                "ordering": ("-made_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="HourMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "mark of a listening hour",
                "verbose_name_plural": "marks of listening hours",
            },
        ),
        migrations.CreateModel(
            name="HourPost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("post", openroads.directory.post_ids.PostId()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "post of a listening hour",
                "verbose_name_plural": "posts of listening hours",
                "ordering": ("hour", "place"),
            },
        ),
        migrations.CreateModel(
            name="HourSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_to", models.PositiveSmallIntegerField(default=0)),
                ("sat_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "seat at a listening hour",
                "verbose_name_plural": "seats at listening hours",
            },
        ),
        migrations.CreateModel(
            name="Left",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "unsubscribing",
                "verbose_name_plural": "unsubscribings",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="what it is about")),
                ("query", models.TextField(blank=True)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "every day"),
                            ("weekly", "every week"),
                            ("at_once", "at once"),
                        ],
                        default="weekly",
                        max_length=8,
                        verbose_name="rhythm",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_until",
                    models.DateField(
                        blank=True, help_text="the first day that was not told of yet", null=True
                    ),
                ),
                (
                    "told_version",
                    models.PositiveBigIntegerField(
                        default=0,
                        help_text="the archive's version up to which posts were told of at once",
                    ),
                ),
                (
                    "told_posts",
                    models.JSONField(
                        default=list, help_text="ids told of at once in the last days"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "quiet_told",
                    models.BooleanField(
                        default=False, help_text="whether it was said already that nothing is said"
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="one_event_of_a_day_and_name",
        ),
        migrations.AddField(
            model_name="event",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="event",
            name="until",
            field=models.DateField(blank=True, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="event",
            name="view",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="listening.savedview",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="department",
            field=models.ForeignKey(
                blank=True,
                help_text="its people see it too",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="directory.department",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="its people see it too",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="directory.team",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                condition=models.Q(("view__isnull", True)),
                fields=("on", "what"),
                name="one_event_of_a_day_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("on", "what", "view"), name="one_note_of_a_day_and_name"
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hour",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hour",
            name="insight",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="changes.insight",
            ),
        ),
        migrations.AddField(
            model_name="hour",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.team"
            ),
        ),
        migrations.AddField(
            model_name="hour",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="+", to="listening.topic"),
        ),
        migrations.AddField(
            model_name="hourmark",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hourpost",
            name="hour",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="posts",
                to="listening.hour",
            ),
        ),
        migrations.AddField(
            model_name="hourmark",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="marks",
                to="listening.hourpost",
            ),
        ),
        migrations.AddField(
            model_name="hourseat",
            name="hour",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seats",
                to="listening.hour",
            ),
        ),
        migrations.AddField(
            model_name="hourseat",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="left",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="directory.team",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="listening.topic",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="view",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="listening.savedview",
            ),
        ),
        migrations.AddField(
            model_name="left",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="left",
                to="listening.subscription",
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="digests",
                to="listening.subscription",
            ),
        ),
        migrations.AddConstraint(
            model_name="hourpost",
            constraint=models.UniqueConstraint(
                fields=("hour", "place"), name="one_post_at_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="hourmark",
            constraint=models.UniqueConstraint(fields=("item", "person"), name="one_mark_each"),
        ),
        migrations.AddConstraint(
            model_name="hourseat",
            constraint=models.UniqueConstraint(fields=("hour", "person"), name="one_seat_each"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("team__isnull", True)),
                    models.Q(("person__isnull", True), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="a_person_or_a_team_subscribes",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("query", ""), ("topic__isnull", False), ("view__isnull", True)),
                    models.Q(("query", ""), ("topic__isnull", True), ("view__isnull", False)),
                    models.Q(
                        ("topic__isnull", True),
                        ("view__isnull", True),
                        models.Q(("query", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="one_thing_is_subscribed_to",
            ),
        ),
        migrations.AddConstraint(
            model_name="left",
            constraint=models.UniqueConstraint(
                fields=("subscription", "person"), name="one_leaves_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                fields=("subscription", "person", "key"), name="one_digest_of_a_time"
            ),
        ),
    ]
