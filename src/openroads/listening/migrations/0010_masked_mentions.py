"""Names of erased authors that are masked in what others write."""

from django.db import migrations, models

import openroads.directory.encryption


class Migration(migrations.Migration):
    dependencies = [("listening", "0009_topic_labels")]

    operations = [
        migrations.AddField(
            model_name="erasure", name="mask_mentions", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="erasure",
            name="names",
            field=openroads.directory.encryption.EncryptedTextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="erasure", name="masks", field=models.JSONField(default=list)
        ),
        migrations.AddField(
            model_name="erasure", name="masked", field=models.PositiveBigIntegerField(default=0)
        ),
    ]
