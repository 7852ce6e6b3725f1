"""The listening room's tables: where conversations come from, each import, and the brand's own texts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand
from openroads.directory.encryption import EncryptedTextField
from openroads.listening.culture.models import (
    Digest,
    Export,
    Hour,
    HourMark,
    HourPost,
    HourSeat,
    Left,
    Subscription,
)
from openroads.listening.ear.models import Deafness, Silence, Visited
from openroads.listening.erasing.models import Erasure
from openroads.listening.explore.models import Event, SavedView
from openroads.listening.keeping.models import Keeping
from openroads.listening.labels.models import (
    AuditItem,
    AuditSample,
    Decision,
    Label,
    LearnedModel,
    Rescoring,
)
from openroads.listening.language_model.models import (
    AllowedSource,
    LabelVerdict,
    ModelMonth,
    WrittenFrom,
    WrittenLabel,
)
from openroads.listening.patterns.models import (
    Alert,
    AlertRule,
    BackTest,
    Look,
    Pattern,
    PatternReading,
)
from openroads.listening.pushed.models import Payload, PushAddress
from openroads.listening.refreshing.models import Recheck, RecheckDay
from openroads.listening.register.models import Controller, Entry
from openroads.listening.reputation.models import SteeringAction
from openroads.listening.requests.models import PrivacyRequest
from openroads.listening.sight.models import SeesNames
from openroads.listening.signals.models import Promise
from openroads.listening.spending.models import CostPreview, Spending
from openroads.listening.streams.models import Heard, PlatformDeletion, Stream
from openroads.listening.themes.models import MonthTheme
from openroads.listening.topics.models import Filing, Topic, TopicLabel, TopicVersion

__all__ = [
    "Alert",
    "AlertRule",
    "AllowedSource",
    "AuditItem",
    "AuditSample",
    "BackTest",
    "BrandText",
    "Controller",
    "CostPreview",
    "Deafness",
    "Decision",
    "Digest",
    "Entry",
    "Erasure",
    "Event",
    "Export",
    "Filing",
    "Heard",
    "Hour",
    "HourMark",
    "HourPost",
    "HourSeat",
    "Import",
    "Keeping",
    "Label",
    "LabelVerdict",
    "LearnedModel",
    "Left",
    "Look",
    "ModelMonth",
    "MonthTheme",
    "Pattern",
    "PatternReading",
    "Payload",
    "PlatformDeletion",
    "PrivacyRequest",
    "Promise",
    "PushAddress",
    "Recheck",
    "RecheckDay",
    "RememberedReading",
    "Rescoring",
    "SavedView",
    "SeesNames",
    "Silence",
    "Source",
    "Spending",
    "SteeringAction",
    "Stream",
    "Subscription",
    "Topic",
    "TopicLabel",
    "TopicVersion",
    "Visited",
    "WrittenFrom",
    "WrittenLabel",
]


class Source(models.Model):
    """One way in: a kind of file, a feed, or the brand's own site."""

    class Kind(models.TextChoices):
        FILE = "file", _("files")
        FEED = "feed", _("feed")
        NETWORK = "network", _("network")
        SITE = "site", _("own website")
        TEXTS = "texts", _("own texts")
        PUSH = "push", _("pushed posts")

    class Voice(models.TextChoices):
        CUSTOMER = "customer", _("what customers say")
        BRAND = "brand", _("what we say")

    WHILE_HEARING = timedelta(days=1)
    """How often a source is searched that hears its stream: what it missed comes by then."""
    VISITED = (Kind.FEED, Kind.NETWORK, Kind.SITE)

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    network = models.CharField(_("network"), max_length=30, blank=True)
    voice = models.CharField(_("voice"), max_length=10, choices=Voice, default=Voice.CUSTOMER)
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.URLField(_("address"), max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    told = models.JSONField(default=dict, help_text="settings of a network, without its secrets")
    secrets = EncryptedTextField(blank=True, help_text="the secret ones, as JSON")
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    listening = models.BooleanField(_("listening"), default=True)
    cursor = models.TextField(blank=True)
    keep_months = models.PositiveSmallIntegerField(
        _("months kept"), null=True, blank=True, help_text="empty: as the house; 0: for good"
    )
    every_minutes = models.PositiveIntegerField(_("minutes between visits"), default=60)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    expires_on = models.DateField(
        _("key expires on"), null=True, blank=True, help_text="the secret with which it is opened"
    )
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    hears_since = models.DateTimeField(
        null=True, blank=True, help_text="by its stream; empty: not now, or never"
    )
    last_event_at = models.DateTimeField(
        null=True, blank=True, help_text="when the last thing on its stream was said"
    )
    lag_seconds = models.FloatField(
        null=True, blank=True, help_text="from being said to being here, at the last look"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)
        constraints = [
            # Two, because SQLite takes two rows without a brand for different ones.
            models.UniqueConstraint(
                fields=("kind", "network", "fingerprint", "address", "brand"),
                condition=models.Q(brand__isnull=False),
                name="one_source_of_a_kind_and_address",
            ),
            models.UniqueConstraint(
                fields=("kind", "network", "fingerprint", "address"),
                condition=models.Q(brand__isnull=True),
                name="one_source_of_a_kind_without_brand",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_visited(self) -> bool:
        """Whether the house goes there itself; files and texts come by themselves."""
        return self.kind in self.VISITED

    @property
    def brings_posts(self) -> bool:
        """Whether what comes from it is what people say, rather than texts of our own."""
        return self.kind not in (self.Kind.SITE, self.Kind.TEXTS)

    def after_visit(self, now: datetime) -> datetime:
        """When this source is to be visited next, seen from `now`."""
        apart = timedelta(minutes=self.every_minutes)
        return now + (self.WHILE_HEARING if self.hears_since is not None else apart)

    @property
    def is_streamed(self) -> bool:
        """Whether it is heard by its network's stream, and searched beside that."""
        return self.kind == self.Kind.NETWORK and self.told.get("way") == "stream"

    @property
    def is_only_streamed(self) -> bool:
        """Whether there is nothing but the stream: it cannot sign in, so nobody can search for it."""
        return self.is_streamed and self.network == "bluesky" and not self.secrets

    @property
    def is_said_to_us(self) -> bool:
        """Whether what it brings are mentions of, and replies to, an account of our own."""
        return self.kind == self.Kind.NETWORK and self.told.get("way") == "own"


class Import(models.Model):
    """One file on its way into the archive: how it is read, how far it is, what came of it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("to be checked")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being read")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("stopped")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.WAITING, State.RUNNING)
    TO_GO_ON = (State.CANCELLED, State.FAILED)

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=500)
    size = models.PositiveBigIntegerField(default=0)
    reading = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING, db_index=True)
    cursor = models.CharField(max_length=200, blank=True)
    share = models.FloatField(null=True, blank=True, help_text="part of the file read, 0 to 1")
    read = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    same = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    rejected_path = models.CharField(max_length=500, blank=True)
    rejected_size = models.PositiveBigIntegerField(default=0)
    kept_apart = models.PositiveIntegerField(
        default=0, help_text="posts it would have replaced, had it not become a source of its own"
    )
    cancel_asked = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0.0, help_text="time spent reading, over all tries")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def rate(self) -> float | None:
        """Rows a second so far; None before the first batch."""
        return self.read / self.seconds if self.seconds > 0 and self.read else None

    @property
    def seconds_left(self) -> float | None:
        """Time to go at the pace so far; None while the length of the file is unknown."""
        if not (self.seconds and self.share):
            return None
        return self.seconds * (1.0 - self.share) / self.share

    @property
    def withheld(self) -> int:
        """Rows of erased authors, which were passed over."""
        landed = self.added + self.changed + self.same + self.rejected
        return max(0, self.read - landed)

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def may_go_on(self) -> bool:
        """Whether it stopped half-way and its file is still here."""
        return self.state in self.TO_GO_ON and bool(self.path)


class RememberedReading(models.Model):
    """How a file with this header was read last time, so that nobody has to say it twice."""

    fingerprint = models.CharField(max_length=64, unique=True)
    reading = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered reading")
        verbose_name_plural = _("remembered readings")

    def __str__(self) -> str:
        return self.fingerprint


class BrandText(models.Model):
    """Something the brand said about itself, and from when to when it said so.

    A text that somebody took out (`withdrawn_at`) stays here without passages, so that the next
    visit to the site does not bring it back.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="texts")
    url = models.CharField(_("address"), max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    digest = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=8, blank=True)
    valid_from = models.DateField(_("said from"))
    valid_to = models.DateField(_("said until"), null=True, blank=True)
    passages = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("own text")
        verbose_name_plural = _("own texts")
        ordering = ("-valid_from", "title")
        indexes = [models.Index(fields=("source", "url"), name="text_by_address")]

    def __str__(self) -> str:
        return self.title or self.url or self.text[:60]
