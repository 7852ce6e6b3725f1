"""Who people outside are to us: contacts, and their accounts on networks."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory.post_ids import PostId


class Contact(models.Model):
    """Somebody outside who wrote to us. What we call them and every word of theirs stands in the archive.

    Of two that are the same person one is `merged_into` the other; the row stays, so that it can be undone.
    """

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(
                fields=("merged_into",),
                condition=models.Q(merged_into__isnull=False),
                name="contacts_merged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Identity(models.Model):
    """An account of a contact on a network. `author` is the archive's key of it, from which no name
    can be worked out; `verified_how` says by what we know that it is theirs (empty: by itself)."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identities")
    network = models.CharField(_("network"), max_length=40)
    author = PostId()
    verified_how = models.CharField(max_length=200, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_why = models.CharField(_("why"), max_length=200, blank=True)
    moved_from = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="whose it was before two contacts became one",
    )  # fmt: skip

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(fields=("network", "author"), name="one_identity_an_author")
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.author}"
