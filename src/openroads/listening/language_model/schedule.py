"""A label is written later: asking a language model takes seconds."""

from django.conf import settings

from openroads.connectors.http import Guarded
from openroads.delivery.jobs import Job, job
from openroads.listening.language_model import actions
from openroads.listening.language_model.models import WrittenLabel


@job(actions.WRITE, attempts=2)
def write_label_job(work: Job, *, written_id: int) -> None:
    """Ask the language model once."""
    written = WrittenLabel.objects.filter(pk=written_id).first()
    if written is not None:
        actions.write_label(written=written, client=Guarded(settings.OPENROADS.http_allow))
