"""What sources ask and cost, and how far kept posts were looked up again."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0018_pushed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CostPreview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("counted", models.PositiveBigIntegerField(blank=True, null=True)),
                ("posts", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "reading",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "looking_again",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "verbose_name": "cost preview",
                "verbose_name_plural": "cost previews",
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.PositiveIntegerField(help_text="as 202611")),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("cursor", models.CharField(blank=True, max_length=60)),
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
                "verbose_name": "second look",
                "verbose_name_plural": "second looks",
                "constraints": [
                    models.UniqueConstraint(fields=("source", "month"), name="one_recheck_a_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("checked", models.PositiveBigIntegerField(default=0)),
                ("changed", models.PositiveBigIntegerField(default=0)),
                (
                    "deleted",
                    models.PositiveBigIntegerField(default=0, help_text="gone at the network"),
                ),
                (
                    "forgotten",
                    models.PositiveBigIntegerField(default=0, help_text="not looked up in time"),
                ),
                (
                    "unnamed",
                    models.PositiveBigIntegerField(
                        default=0, help_text="authors' names past their time"
                    ),
                ),
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
                "verbose_name": "day of second looks",
                "verbose_name_plural": "days of second looks",
                "ordering": ("-on", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "on"), name="one_recheck_day_a_source"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Spending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=40)),
                ("allowance", models.CharField(max_length=30)),
                ("period", models.CharField(max_length=5)),
                ("begins_on", models.DateField()),
                ("units", models.BigIntegerField(default=0)),
                ("calls", models.BigIntegerField(default=0)),
                (
                    "money",
                    models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=14),
                ),
                ("limit_units", models.BigIntegerField(blank=True, null=True)),
                (
                    "limit_money",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True),
                ),
                ("left_told", models.BigIntegerField(blank=True, null=True)),
                ("closed_until", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name": "spending",
                "verbose_name_plural": "spending",
                "ordering": ("-begins_on", "allowance", "pk"),
                "indexes": [
                    models.Index(
                        fields=["account", "allowance", "begins_on"], name="spending_of_account"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "account", "allowance", "begins_on"),
                        name="one_spending_a_period",
                    )
                ],
            },
        ),
    ]
