"""Networks that are searched: what is looked for there, and how the house signs in."""

from django.db import migrations, models

from openroads.directory.encryption import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("listening", "0010_masked_mentions")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="told",
            field=models.JSONField(
                default=dict, help_text="settings of a network, without its secrets"
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="secrets",
            field=EncryptedTextField(blank=True, help_text="the secret ones, as JSON"),
        ),
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("file", "files"),
                    ("feed", "feed"),
                    ("network", "network"),
                    ("site", "own website"),
                    ("texts", "own texts"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
