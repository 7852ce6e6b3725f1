"""Streams: who hears which, how far, how much came per hour, and what networks took back."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE, SET_NULL

NUMBER = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    dependencies = [("listening", "0012_register")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="hears_since",
            field=models.DateTimeField(
                blank=True, help_text="by its stream; empty: not now, or never", null=True
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="last_event_at",
            field=models.DateTimeField(
                blank=True, help_text="when the last thing on its stream was said", null=True
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="lag_seconds",
            field=models.FloatField(
                blank=True, help_text="from being said to being here, at the last look", null=True
            ),
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                NUMBER,
                ("line", models.CharField(db_index=True, max_length=300)),
                ("cursor", models.CharField(blank=True, max_length=100)),
                ("owner", models.CharField(blank=True, max_length=32)),
                ("host", models.CharField(blank=True, max_length=200)),
                ("pid", models.PositiveBigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "tries",
                    models.PositiveIntegerField(
                        default=0, help_text="calls in vain since it was last heard"
                    ),
                ),
                (
                    "trouble",
                    models.CharField(blank=True, max_length=500, verbose_name="what went wrong"),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=CASCADE, related_name="stream", to="listening.source"
                    ),
                ),
            ],
            options={"verbose_name": "stream", "verbose_name_plural": "streams"},
        ),
        migrations.CreateModel(
            name="Heard",
            fields=[
                NUMBER,
                ("hour", models.DateTimeField(db_index=True)),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("kept", models.PositiveBigIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(on_delete=CASCADE, related_name="+", to="listening.source"),
                ),
            ],
            options={
                "verbose_name": "hour of a stream",
                "verbose_name_plural": "hours of streams",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "hour"), name="one_row_per_source_and_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformDeletion",
            fields=[
                NUMBER,
                ("posts", models.PositiveBigIntegerField()),
                ("heard_at", models.DateTimeField(help_text="of the first of them")),
                (
                    "until",
                    models.DateTimeField(help_text="what was heard up to this moment is meant"),
                ),
                ("done_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        null=True, on_delete=SET_NULL, related_name="+", to="listening.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "deletion by a network",
                "verbose_name_plural": "deletions by networks",
                "ordering": ("-heard_at", "-pk"),
            },
        ),
    ]
