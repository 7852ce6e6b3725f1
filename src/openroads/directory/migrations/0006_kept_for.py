"""How many months things outside the archive are kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_colour_of_the_company"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptFor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("months", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "how long something is kept",
                "verbose_name_plural": "how long things are kept",
            },
        ),
    ]
