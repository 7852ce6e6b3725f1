"""What a department decided on an insight, and who may decide in the place of its head."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models.insights import Insight
from openroads.directory.models import Department


class Decision(models.Model):
    """One answer to an insight, with its reason. What is put off gets another one later."""

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("decision", "Yes")
        NO = "no", pgettext_lazy("decision", "No")
        LATER = "later", pgettext_lazy("decision", "Later")

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="decisions")
    answer = models.CharField(_("decision"), max_length=6, choices=Answer)
    reason = models.CharField(_("because"), max_length=1_000)
    agreed = models.CharField(_("who agreed"), max_length=200, blank=True)
    cost_ceiling = models.DecimalField(
        _("may cost at most"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    back_on = models.DateField(_("comes back on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("decided_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="later", back_on__isnull=False)
                | (~models.Q(answer="later") & models.Q(back_on__isnull=True)),
                name="later_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.insight.code} {self.answer}"


class Delegate(models.Model):
    """Somebody who decides for a department beside its head, up to and with a day."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateField(_("up to and with"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stand-in for a decision")
        verbose_name_plural = _("stand-ins for decisions")
        constraints = [
            models.UniqueConstraint(fields=("department", "person"), name="stands_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.department}"
