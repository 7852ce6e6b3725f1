"""What the company's topics are called and ask, for the rooms that answer: the room that listens writes it here, in the
same transaction as the topic itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KnownTopic(models.Model):
    """A topic by its number in the listening room: its name, the query in force in its one form, and whether it is
    in use or was put away."""

    number = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    canonical = models.CharField(max_length=8_000)
    in_use = models.BooleanField(default=True)

    class Meta:
        app_label = "directory"
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("name", "number")

    def __str__(self) -> str:
        return self.name


def keep_known(*, number: int, name: str, canonical: str, in_use: bool) -> None:
    """Write down what a topic is now. No deed of its own: whoever changed the topic asked, and is on the trail."""
    told = {"name": name, "canonical": canonical, "in_use": in_use}
    KnownTopic.objects.update_or_create(number=number, defaults=told)


def queries_in_use() -> dict[int, str]:
    """What each topic in use asks, by number."""
    rows = KnownTopic.objects.filter(in_use=True).order_by("number")
    return dict(rows.values_list("number", "canonical"))


def known_topics() -> dict[int, KnownTopic]:
    """Every topic there was, by number and in the order of names."""
    rows = sorted(KnownTopic.objects.all(), key=lambda topic: topic.name.lower())
    return {topic.number: topic for topic in rows}
