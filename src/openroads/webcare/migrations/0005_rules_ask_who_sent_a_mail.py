"""Rules can ask whether the sender of a mail was proven."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webcare", "0004_keep_what_was_counted"),
    ]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="sender",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "whether it was proven or not"),
                    ("proven", "proven to be theirs"),
                    ("false", "shown not to be theirs"),
                    ("unknown", "nobody checked it"),
                ],
                default="",
                help_text="What your mail server found out about who sent it.",
                max_length=8,
                verbose_name="the address of a mail",
            ),
        ),
    ]
