"""How long the house keeps posts where a source says nothing else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

THE_HOUSE = 1
"""There is one house; its row has this key."""


class Keeping(models.Model):
    """One row: months (0 is for good), and when what is past its time was last taken out."""

    months = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    posts = models.PositiveBigIntegerField(default=0, help_text="taken out at the last run")

    class Meta:
        app_label = "listening"
        verbose_name = _("keeping")
        verbose_name_plural = _("keeping")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=THE_HOUSE), name="there_is_one_keeping")
        ]

    def __str__(self) -> str:
        return f"{self.months}"
