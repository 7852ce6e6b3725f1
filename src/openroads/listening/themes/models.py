"""The themes of each month, as they were made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand


class MonthTheme(models.Model):
    """One theme of one month of a brand. Its words are numbers of the archive's terms, never texts: a
    word that is erased is gone here too."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("month"))
    place = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField(
        help_text="the same from month to month while a theme goes on"
    )
    words = models.JSONField(help_text="term ids with their weights, heaviest first")
    posts = models.PositiveIntegerField(help_text="posts it is strongest in")
    of = models.PositiveIntegerField(help_text="posts the month's themes were made from")
    coherence = models.FloatField(help_text="mean NPMI of its first words")
    made_at = models.DateTimeField()

    class Meta:
        app_label = "listening"
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("brand", "-month", "place")
        constraints = [
            models.UniqueConstraint(
                fields=("brand", "month", "place"), name="one_theme_of_a_place_and_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.place}"

    @property
    def weights(self) -> dict[int, float]:
        """The weight of each word by its term id."""
        return {int(term): float(weight) for term, weight in self.words}
