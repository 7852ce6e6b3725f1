"""Reading the archive anew can be stopped by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0006_topics")]

    operations = [
        migrations.AlterField(
            model_name="rescoring",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("running", "running"),
                    ("stopped", "stopped"),
                    ("done", "done"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
    ]
