"""The tables of listening as a habit: who follows what, the digests sent, listening hours, exports."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models import Insight
from openroads.directory.models import Person, Team
from openroads.directory.post_ids import PostId
from openroads.listening.explore.models import SavedView
from openroads.listening.topics.models import Topic


class Subscription(models.Model):
    """That a person or a team hears of a topic, a saved view or a choice of posts, in a rhythm."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", pgettext_lazy("rhythm", "every day")
        WEEKLY = "weekly", pgettext_lazy("rhythm", "every week")
        AT_ONCE = "at_once", pgettext_lazy("rhythm", "at once")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("what it is about"), max_length=120)
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    view = models.ForeignKey(
        SavedView, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    query = models.TextField(blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateField(
        null=True, blank=True, help_text="the first day that was not told of yet"
    )
    told_version = models.PositiveBigIntegerField(
        default=0, help_text="the archive's version up to which posts were told of at once"
    )
    told_posts = models.JSONField(default=list, help_text="ids told of at once in the last days")
    sent_at = models.DateTimeField(null=True, blank=True)
    quiet_told = models.BooleanField(
        default=False, help_text="whether it was said already that nothing is said"
    )

    class Meta:
        app_label = "listening"
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True)
                | Q(person__isnull=True, team__isnull=False),
                name="a_person_or_a_team_subscribes",
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=False, view__isnull=True, query="")
                | Q(topic__isnull=True, view__isnull=False, query="")
                | (Q(topic__isnull=True, view__isnull=True) & ~Q(query="")),
                name="one_thing_is_subscribed_to",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def whose(self) -> str:
        """The person or the team."""
        return str(self.team or self.person)


class Left(models.Model):
    """That somebody wants no mail of a subscription: their own choice, also when it is a team's."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="left")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "listening"
        verbose_name = _("unsubscribing")
        verbose_name_plural = _("unsubscribings")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "person"), name="one_leaves_once")
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.person}"


class Digest(models.Model):
    """One message of a subscription to one person: which days it told of, and whether it was opened.
    Its words are in the mail and nowhere else here."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="digests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    posts = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ("-made_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "person", "key"), name="one_digest_of_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.key}"


class Hour(models.Model):
    """A team that listens together for an hour: what it reads, and what came of it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what it is about"), max_length=120)
    topics = models.ManyToManyField(Topic, related_name="+", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)
    insight = models.ForeignKey(
        Insight, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "listening"
        verbose_name = _("listening hour")
        verbose_name_plural = _("listening hours")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


class HourPost(models.Model):
    """A post on the agenda of a listening hour: only which one; its words stay in the archive."""

    hour = models.ForeignKey(Hour, on_delete=models.CASCADE, related_name="posts")
    place = models.PositiveSmallIntegerField()
    post = PostId()
    published_at = models.DateTimeField()

    class Meta:
        app_label = "listening"
        verbose_name = _("post of a listening hour")
        verbose_name_plural = _("posts of listening hours")
        ordering = ("hour", "place")
        constraints = [
            models.UniqueConstraint(fields=("hour", "place"), name="one_post_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.hour_id}.{self.place}"


class HourSeat(models.Model):
    """Somebody who took part, and how far they read."""

    hour = models.ForeignKey(Hour, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    read_to = models.PositiveSmallIntegerField(default=0)
    sat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "listening"
        verbose_name = _("seat at a listening hour")
        verbose_name_plural = _("seats at listening hours")
        constraints = [models.UniqueConstraint(fields=("hour", "person"), name="one_seat_each")]

    def __str__(self) -> str:
        return f"{self.hour_id}: {self.person}"


class HourMark(models.Model):
    """ "Let us talk about this one": by one of the people who read."""

    item = models.ForeignKey(HourPost, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "listening"
        verbose_name = _("mark of a listening hour")
        verbose_name_plural = _("marks of listening hours")
        constraints = [models.UniqueConstraint(fields=("item", "person"), name="one_mark_each")]

    def __str__(self) -> str:
        return f"{self.item}: {self.person}"


class Export(models.Model):
    """Posts handed out as a file: which, to whom, and the file for as long as it is kept."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"
        PARQUET = "parquet", "Parquet"

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "being written")
        DONE = "done", pgettext_lazy("export", "ready")
        FAILED = "failed", pgettext_lazy("export", "ended with a fault")
        GONE = "gone", pgettext_lazy("export", "deleted")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    query = models.TextField()
    format = models.CharField(_("format"), max_length=8, choices=Format, default=Format.CSV)
    language = models.CharField(max_length=5, default="en")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    found = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=1_000, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"

    @property
    def is_left_out(self) -> int:
        """Posts that did not go into the file."""
        return max(self.found - self.rows, 0)
