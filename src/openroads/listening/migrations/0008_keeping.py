"""How long posts are kept: the months of a source, and of the house."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0007_stopped_readings")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="keep_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="empty: as the house; 0: for good",
                null=True,
                verbose_name="months kept",
            ),
        ),
        migrations.CreateModel(
            name="Keeping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0)),
                ("set_at", models.DateTimeField(blank=True, null=True)),
                ("ran_at", models.DateTimeField(blank=True, null=True)),
                (
                    "posts",
                    models.PositiveBigIntegerField(
                        default=0, help_text="taken out at the last run"
                    ),
                ),
            ],
            options={
                "verbose_name": "keeping",
                "verbose_name_plural": "keeping",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="there_is_one_keeping"
                    )
                ],
            },
        ),
    ]
