"""The log of a case can say that it became a success or a spotlight."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webcare", "0001_webcare"),
    ]

    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="type",
            field=models.CharField(
                choices=[
                    ("opened", "opened it"),
                    ("came_in", "they wrote"),
                    ("replied", "answered"),
                    ("took_back", "took an answer back"),
                    ("failed", "an answer did not leave"),
                    ("noted", "made a note"),
                    ("claimed", "claimed it"),
                    ("released", "let it go"),
                    ("taken_over", "took it over"),
                    ("handed", "handed it over"),
                    ("snoozed", "snoozed it"),
                    ("woke", "brought it back"),
                    ("waits", "waits for them"),
                    ("closed", "closed it"),
                    ("reopened", "opened it again"),
                    ("thanks", "said that no answer is needed"),
                    ("merged", "took another case in"),
                    ("split", "split it"),
                    ("approval", "approval"),
                    ("asked", "asked a colleague"),
                    ("colleague", "a colleague answered"),
                    ("surveyed", "asked how satisfied they are"),
                    ("scored", "they gave a score"),
                    ("linked", "made it evidence of an insight"),
                    ("priority", "changed its priority"),
                    ("success", "made a success of it"),
                    ("spotlight", "asked a colleague into the spotlight"),
                ],
                max_length=12,
            ),
        ),
    ]
