"""What is said in a case: their words, ours, notes between colleagues, and drafts."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.delivery.models import Delivery
from openroads.directory.post_ids import PostId
from openroads.webcare.models.cases import Case


class Message(models.Model):
    """One word of theirs, of ours, or between colleagues, in its order within a case.

    Two clocks: `said_at` is the network's, for reading; `received_at` is ours, for everything that counts
    time. Of theirs only the post is kept. What we say leaves by its `delivery`, whose state is the state of the
    message; one answered at the network itself has none, and a person says so or the network's post is seen.
    """

    class Kind(models.TextChoices):
        THEIRS = "theirs", pgettext_lazy("message", "theirs")
        OURS = "ours", pgettext_lazy("message", "ours")
        NOTE = "note", pgettext_lazy("message", "note")

    class Approval(models.TextChoices):
        NONE = "", pgettext_lazy("approval", "none asked")
        ASKED = "asked", pgettext_lazy("approval", "waits for a second person")
        GIVEN = "given", pgettext_lazy("approval", "approved")
        REFUSED = "refused", pgettext_lazy("approval", "sent back")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    cycle = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind)
    private = models.BooleanField(default=False)
    post = PostId(null=True, blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=20_000, blank=True)
    language = models.CharField(max_length=12, blank=True)
    mentions = models.JSONField(default=list, blank=True, help_text="numbers of colleagues")
    helped_by = models.JSONField(
        default=list, blank=True, help_text="what it was made with: article 12, reply 3"
    )
    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    approval = models.CharField(max_length=8, choices=Approval, blank=True, default=Approval.NONE)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approval_why = models.CharField(max_length=300, blank=True)
    then = models.CharField(
        max_length=8, blank=True, help_text="the state of the case once it has left"
    )
    picture = models.BinaryField(null=True, blank=True, editable=False)
    picture_kind = models.CharField(max_length=20, blank=True)
    picture_name = models.CharField(max_length=100, blank=True)
    picture_alt = models.TextField(max_length=1_000, blank=True)
    elsewhere_url = models.TextField(blank=True, help_text="where we answered, outside this house")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("case", "seq")
        constraints = [
            models.UniqueConstraint(fields=("case", "seq"), name="messages_stand_in_order"),
            models.UniqueConstraint(
                fields=("post",), condition=models.Q(post__isnull=False), name="a_post_is_in_one_case"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=("case",), condition=models.Q(approval="asked"), name="messages_to_approve"
            ),
            # What was written here, to be looked through from the newest on.
            models.Index(
                fields=("id",), condition=models.Q(by__isnull=False), name="messages_written_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.seq}"


class Draft(models.Model):
    """What somebody was writing in a case: kept as they type, given back when they return. `seen` is the
    last message they had before them when they began."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)
    kind = models.CharField(max_length=8, default="public", help_text="public, private or note")
    helped_by = models.JSONField(default=list, blank=True)
    seen = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=("case", "by"), name="one_draft_a_case_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.by_id}"
