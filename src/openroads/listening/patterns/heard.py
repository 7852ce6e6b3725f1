"""What was counted at the last look, kept until the next, so that pages need not count again."""

from django.utils import timezone

from openroads.listening.patterns.looking import Heard, hear
from openroads.listening.patterns.models import Look
from openroads.listening.remembering import remembered


def heard_now() -> Heard | None:
    """Every series as the last look saw it; None while nothing was heard. Figures only, nobody's words."""
    latest = Look.objects.values_list("pk", flat=True).first()
    return remembered("patterns heard", lambda: hear(timezone.now()), at=f"look {latest}")
