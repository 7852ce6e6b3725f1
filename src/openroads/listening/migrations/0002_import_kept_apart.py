"""Why an import became a source of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="kept_apart",
            field=models.PositiveIntegerField(
                default=0,
                help_text="posts it would have replaced, had it not become a source of its own",
            ),
        ),
    ]
