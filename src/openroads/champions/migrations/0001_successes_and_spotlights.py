"""Successes, and colleagues in the spotlight."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Success",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deal", "deal"),
                            ("quote", "quote asked for"),
                            ("lead", "lead"),
                            ("hire", "hire"),
                            ("spared", "cost spared"),
                            ("talk", "invitation to speak"),
                            ("press", "in the press"),
                            ("conversation", "good conversation"),
                            ("praise", "compliment"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(max_length=160, verbose_name="what happened, in one sentence"),
                ),
                ("story", models.TextField(blank=True, max_length=4000, verbose_name="the story")),
                ("on", models.DateField(verbose_name="day")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("A", "A: it stands in the books"),
                            ("B", "B: the customer says so"),
                            ("C", "C: the colleague says so"),
                            ("D", "D: an estimate"),
                        ],
                        max_length=1,
                        verbose_name="how it is known",
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="where that can be seen"
                    ),
                ),
                (
                    "low",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                (
                    "base",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                (
                    "high",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                (
                    "currency",
                    models.CharField(
                        choices=[("EUR", "€"), ("GBP", "£"), ("USD", "$")],
                        default="EUR",
                        max_length=3,
                    ),
                ),
                (
                    "tell",
                    models.CharField(
                        choices=[
                            ("nobody", "nobody"),
                            ("colleagues", "colleagues"),
                            ("outside", "people outside, too"),
                        ],
                        default="nobody",
                        max_length=10,
                        verbose_name="who may hear of it",
                    ),
                ),
                ("tell_at", models.DateTimeField(blank=True, null=True)),
                (
                    "tell_how",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="how people outside agreed"
                    ),
                ),
                ("origin_room", models.CharField(blank=True, max_length=30)),
                ("origin_id", models.CharField(blank=True, max_length=60)),
                ("origin_url", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="goes up with each correction, so that nobody confirms what they did not read",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tell_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "success",
                "verbose_name_plural": "successes",
                "ordering": ("-on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Spotlight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.TextField(max_length=600, verbose_name="why")),
                ("since", models.DateField(verbose_name="from")),
                (
                    "until",
                    models.DateField(
                        help_text="not shown any more on this day", verbose_name="until"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for their yes"),
                            ("yes", "they said yes"),
                            ("no", "they would rather not"),
                            ("stepped_out", "they stepped out"),
                            ("called_off", "called off"),
                        ],
                        default="asked",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("origin_room", models.CharField(blank=True, max_length=30)),
                ("origin_id", models.CharField(blank=True, max_length=60)),
                ("origin_url", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "success",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spotlights",
                        to="champions.success",
                    ),
                ),
            ],
            options={
                "verbose_name": "spotlight",
                "verbose_name_plural": "spotlights",
                "ordering": ("-since", "-pk"),
            },
        ),
        migrations.AddIndex(
            model_name="success",
            index=models.Index(fields=["-on", "-id"], name="successes_latest_first"),
        ),
        migrations.AddConstraint(
            model_name="success",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), models.Q(("origin_id", ""), _negated=True)
                ),
                fields=("origin_room", "origin_id", "owner"),
                name="one_success_each_of_an_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="success",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("base", None), ("high", None), ("low", None)),
                    models.Q(
                        ("base__gte", models.F("low")),
                        ("high__gte", models.F("base")),
                        ("low__gte", 0),
                    ),
                    _connector="OR",
                ),
                name="a_success_has_three_amounts_in_order_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="success",
            constraint=models.CheckConstraint(
                condition=models.Q(("tell", "nobody"), ("tell_by__isnull", False), _connector="OR"),
                name="a_success_is_told_when_somebody_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="spotlight",
            index=models.Index(fields=["state", "until"], name="spotlights_shown"),
        ),
        migrations.AddIndex(
            model_name="spotlight",
            index=models.Index(fields=["origin_room", "origin_id"], name="spotlights_of_an_origin"),
        ),
        migrations.AddConstraint(
            model_name="spotlight",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="a_spotlight_has_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="spotlight",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "yes"), _negated=True),
                    ("answered_at__isnull", False),
                    _connector="OR",
                ),
                name="a_spotlight_shines_after_a_yes",
            ),
        ),
    ]
