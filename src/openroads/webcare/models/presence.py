"""Who looks at a case now, and how far the intake has come."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.post_ids import PostId
from openroads.webcare.models.cases import Case


class Presence(models.Model):
    """That somebody has a case before them, or writes in it, until a moment: one row each, so that no
    two overwrite each other."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    writes = models.BooleanField(default=False)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(
                fields=("case", "person"), name="one_presence_a_case_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"


class Intake(models.Model):
    """How far the archive was read for what needs an answer: one row. Everything collected up to
    `collected_at` and `post` was looked at."""

    collected_at = models.DateTimeField()
    post = PostId(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_intake")]

    def __str__(self) -> str:
        return f"{self.collected_at:%Y-%m-%d %H:%M}"
