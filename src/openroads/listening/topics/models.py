"""Topics with their versions, how far the archive is filed under each, and what people say of posts."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.company import Brand
from openroads.directory.models import Department
from openroads.directory.post_ids import PostId


class Topic(models.Model):
    """Something people talk about, whatever their language: what finds it is written in its versions."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("what it is about"), max_length=300, blank=True)
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("brand"),
    )  # fmt: skip
    department = models.ForeignKey(
        Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    in_force = models.ForeignKey(
        "TopicVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the version whose filing is complete and counts",
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_topic_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TopicVersion(models.Model):
    """What a topic asked for from some moment on. Never changed: another query is another version."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.CharField(_("query"), max_length=4_000, help_text="as it was written")
    canonical = models.CharField(
        max_length=8_000, help_text="in its one form, with numbers for names: what is searched"
    )
    note = models.CharField(_("why"), max_length=300, blank=True)
    same_as = models.PositiveIntegerField(
        null=True, blank=True, help_text="the earlier version it goes back to"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("version of a topic")
        verbose_name_plural = _("versions of topics")
        ordering = ("topic", "-number")
        constraints = [
            models.UniqueConstraint(fields=("topic", "number"), name="one_version_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}.{self.number}"


class Filing(models.Model):
    """How far the archive is filed under a version: the state is the queue."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("filing", "waits for its turn")
        RUNNING = "running", pgettext_lazy("filing", "being filed")
        STOPPED = "stopped", pgettext_lazy("filing", "stopped")
        FAILED = "failed", pgettext_lazy("filing", "ended with a fault")
        DONE = "done", pgettext_lazy("filing", "filed")
        PASSED_OVER = "passed_over", pgettext_lazy("filing", "passed over")

    UNFINISHED = (State.WAITING, State.RUNNING)
    MAY_GO_ON = (State.STOPPED, State.FAILED)

    version = models.OneToOneField(TopicVersion, on_delete=models.CASCADE, related_name="filing")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    filed_to = models.PositiveBigIntegerField(
        default=0, help_text="the archive's version up to which nothing is missed"
    )
    upto = models.PositiveBigIntegerField(default=0, help_text="the same after the pass under way")
    months = models.JSONField(default=list, help_text="months of this pass still to be filed")
    total = models.PositiveBigIntegerField(null=True, blank=True, help_text="posts to look through")
    done = models.PositiveBigIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("filing of a topic")
        verbose_name_plural = _("filings of topics")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.version}: {self.state}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def may_go_on(self) -> bool:
        return self.state in self.MAY_GO_ON

    @property
    def share(self) -> float | None:
        """The part that is done, 0 to 1; None while it is not known how much there is."""
        return min(1.0, self.done / self.total) if self.total else None


class TopicLabel(models.Model):
    """What one person says of one post: that it belongs in a topic, or does not. Never changed: saying
    otherwise ends it and makes another. The last that holds goes before every query."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="said")
    post = PostId()
    published_at = models.DateTimeField()
    source = models.PositiveIntegerField(help_text="number of the source the post came from")
    belongs = models.BooleanField(_("belongs in it"))
    found = models.BooleanField(help_text="whether the query had found it")
    version = models.ForeignKey(
        TopicVersion, on_delete=models.CASCADE, related_name="+", help_text="whose query that was"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="when the archive was told, of saying it or of taking it back",
    )

    class Meta:
        app_label = "listening"
        verbose_name = _("label of a topic")
        verbose_name_plural = _("labels of topics")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("topic", "post", "by"),
                condition=models.Q(undone_at__isnull=True),
                name="one_label_per_person_post_and_topic",
            )
        ]
        indexes = [
            models.Index(fields=("post",), name="topic_label_by_post"),
            models.Index(fields=("source", "published_at"), name="topic_label_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {'in' if self.belongs else 'out'}"

    @property
    def confirms(self) -> bool:
        """Whether the query had said so too."""
        return self.belongs == self.found
