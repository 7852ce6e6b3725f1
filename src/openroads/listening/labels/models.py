"""What people say of posts, the random samples they check, the models learned and who took over."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.post_ids import PostId as PostId


class Aspect(models.TextChoices):
    """What can be said of a post."""

    TONE = "tone", _("tone")
    KIND = "kind", _("kind")
    LANGUAGE = "language", _("language")


class Tone(models.TextChoices):
    """The answers to "tone"."""

    NEGATIVE = "negative", pgettext_lazy("tone", "negative")
    NEUTRAL = "neutral", pgettext_lazy("tone", "neutral")
    POSITIVE = "positive", pgettext_lazy("tone", "positive")


class Kind(models.TextChoices):
    """The answers to "kind"."""

    QUESTION = "question", pgettext_lazy("kind of post", "question")
    COMPLAINT = "complaint", pgettext_lazy("kind of post", "complaint")
    PRAISE = "praise", pgettext_lazy("kind of post", "praise")
    OTHER = "other", pgettext_lazy("kind of post", "other")


class AuditSample(models.Model):
    """Posts of some days drawn at random, the same number of each language, to be checked by people:
    by these the analyser is judged."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"), help_text="the first day that is out")
    seed = models.PositiveBigIntegerField()
    population = models.JSONField(default=dict, help_text="posts that count, per language")
    drawn_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "listening"
        verbose_name = _("random sample")
        verbose_name_plural = _("random samples")
        ordering = ("-since", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("since", "until"), name="one_sample_of_the_same_days")
        ]

    def __str__(self) -> str:
        return f"{self.since} - {self.until}"


class AuditItem(models.Model):
    """One post of a sample."""

    sample = models.ForeignKey(AuditSample, on_delete=models.CASCADE, related_name="items")
    post = PostId()
    published_at = models.DateTimeField()
    stratum = models.CharField(max_length=8, help_text='language, or "other"')
    weight = models.FloatField(help_text="posts it stands for")
    place = models.PositiveIntegerField()

    class Meta:
        app_label = "listening"
        verbose_name = _("post of a sample")
        verbose_name_plural = _("posts of a sample")
        ordering = ("sample", "place")
        constraints = [
            models.UniqueConstraint(fields=("sample", "post"), name="each_post_once_in_a_sample")
        ]
        indexes = [models.Index(fields=("post",), name="audit_item_by_post")]

    def __str__(self) -> str:
        return f"{self.post}"


class Label(models.Model):
    """What one person says one post is. Never changed: saying otherwise ends it and makes another."""

    class Why(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CONFIRMATION = "confirmation", _("confirmation")
        AUDIT = "audit", _("random sample")

    post = PostId()
    published_at = models.DateTimeField()
    source = models.PositiveIntegerField(help_text="number of the source the post came from")
    language = models.CharField(max_length=8, help_text="of the post, as far as was known")
    aspect = models.CharField(_("aspect"), max_length=8, choices=Aspect)
    value = models.CharField(_("answer"), max_length=12)
    said = models.CharField(max_length=12, help_text="what the analyser had said")
    said_by = models.CharField(max_length=100, help_text="which analyser that was")
    why = models.CharField(max_length=12, choices=Why)
    item = models.ForeignKey(
        AuditItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="labels"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("post", "aspect", "by"),
                condition=models.Q(undone_at__isnull=True),
                name="one_label_per_person_post_and_aspect",
            )
        ]
        indexes = [
            models.Index(fields=("aspect", "language", "undone_at"), name="label_to_learn_from"),
            models.Index(fields=("post",), name="label_by_post"),
        ]

    def __str__(self) -> str:
        return f"{self.aspect}: {self.value}"


class LearnedModel(models.Model):
    """A model learned from labels, with its weights (npz, no pickle); or one from a folder of the owner's,
    with what it said of labelled posts in the place of weights."""

    class Made(models.TextChoices):
        HERE = "here", _("learned from labels")
        FOLDER = "folder", _("from a folder")

    made = models.CharField(max_length=8, choices=Made, default=Made.HERE)
    aspect = models.CharField(_("aspect"), max_length=8, choices=Aspect)
    language = models.CharField(_("language"), max_length=8)
    version = models.CharField(_("version"), max_length=80)
    digest = models.CharField(max_length=40)
    weights = models.BinaryField()
    labels = models.PositiveIntegerField(_("labels"))
    audited = models.PositiveIntegerField(help_text="of these in a random sample")
    last_label = models.PositiveBigIntegerField(help_text="the newest label it learned from")
    seconds = models.FloatField(help_text="processor time of the training")
    trained_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "listening"
        verbose_name = _("learned model")
        verbose_name_plural = _("learned models")
        ordering = ("-pk",)
        indexes = [models.Index(fields=("aspect", "language"), name="model_by_aspect")]

    def __str__(self) -> str:
        return self.version

    @property
    def is_brought(self) -> bool:
        """Whether somebody else trained it: it learned from no label of this house."""
        return self.made == self.Made.FOLDER


class Decision(models.Model):
    """Who reads an aspect of posts in a language from now on, and why: after a test, or because
    somebody went back. Null stands for the word lists and rules."""

    class Outcome(models.TextChoices):
        SWITCHED = "switched", _("took over")
        KEPT = "kept", _("did not take over")
        BACK = "back", _("put back by hand")

    aspect = models.CharField(max_length=8, choices=Aspect)
    language = models.CharField(max_length=8)
    outcome = models.CharField(max_length=8, choices=Outcome)
    before = models.ForeignKey(
        LearnedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    candidate = models.ForeignKey(
        LearnedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after = models.ForeignKey(
        LearnedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    size = models.PositiveIntegerField(null=True, blank=True, help_text="labels it was tested with")
    tried = models.CharField(
        max_length=10,
        blank=True,
        help_text="which files were tested; empty for what is learned here",
    )
    why = models.CharField(max_length=24, blank=True, help_text="the rule's word for it")
    old_score = models.FloatField(null=True, blank=True, help_text="macro-F1 of who was there")
    new_score = models.FloatField(null=True, blank=True, help_text="macro-F1 of the candidate")
    low = models.FloatField(null=True, blank=True, help_text="5th percentile of the gain")
    high = models.FloatField(null=True, blank=True, help_text="95th percentile of the gain")
    tables = models.JSONField(default=dict, help_text="labels per class; both confusion tables")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("aspect", "language", "tried", "size"),
                condition=models.Q(size__isnull=False),
                name="one_test_per_size",
            )
        ]

    def __str__(self) -> str:
        return f"{self.aspect} {self.language}: {self.outcome}"


class Rescoring(models.Model):
    """Reading the archive again after another model took over: how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="rescoring")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("rescoring")
        verbose_name_plural = _("rescorings")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.decision}"

    UNFINISHED = (State.WAITING, State.RUNNING)

    @property
    def is_unfinished(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in self.UNFINISHED

    @property
    def share(self) -> float | None:
        """The part that is done, 0 to 1; None while it is not known how much there is."""
        return min(1.0, self.done / self.total) if self.total else None
