"""The register: an entry per source, the company as controller, and what platforms asked to delete."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

THE_CONTROLLER = 1
"""There is one company; its row has this key."""
WITHIN = timedelta(hours=24)
"""How soon what a platform deleted is gone here."""


class Entry(models.Model):
    """Why and on what ground a source is read. Its purpose and how long it is kept stand with the
    source itself; what is left empty is either as usual for its kind or a hole (see `queries`)."""

    class Basis(models.TextChoices):
        """Article 6(1) of the GDPR, in its own order."""

        CONSENT = "consent", _("consent")
        CONTRACT = "contract", _("contract")
        LAW = "law", _("legal obligation")
        VITAL = "vital", _("vital interests")
        PUBLIC = "public", _("public task")
        INTEREST = "interest", _("legitimate interest")

    source = models.OneToOneField(
        "listening.Source", on_delete=models.CASCADE, related_name="entry"
    )
    basis = models.CharField(_("legal basis"), max_length=10, choices=Basis, blank=True)
    interest = models.TextField(_("the interest"), blank=True)
    necessity = models.TextField(_("why it is necessary"), blank=True)
    balance = models.TextField(_("the balance"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    people = models.CharField(_("whose data"), max_length=300, blank=True)
    kinds = models.CharField(_("which data"), max_length=300, blank=True)
    recipients = models.CharField(_("who receives it"), max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")

    def __str__(self) -> str:
        return str(self.source_id)


class Controller(models.Model):
    """One row: who answers for all processing, where people write to, and how it is kept safe."""

    contact = models.EmailField(_("mail address for privacy"), blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    officer = models.CharField(_("data protection officer"), max_length=200, blank=True)
    stored = models.CharField(_("where it is stored"), max_length=300, blank=True)
    processors = models.CharField(_("processors and transfers outside the EU"), max_length=300, blank=True)  # fmt: skip
    security = models.TextField(_("security measures"), blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("controller")
        verbose_name_plural = _("controller")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=THE_CONTROLLER), name="there_is_one_controller"
            )
        ]

    def __str__(self) -> str:
        return self.contact


class PlatformDeletion(models.Model):
    """A network said that a post is deleted, hidden or erased there. `native` is a hash of the post's
    own id on the network: enough to count a post once, not to find it again."""

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    native = models.CharField(max_length=64)
    heard_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("deletion by a platform")
        verbose_name_plural = _("deletions by platforms")
        constraints = [
            models.UniqueConstraint(fields=("source", "native"), name="one_deletion_of_a_post")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.native}"
