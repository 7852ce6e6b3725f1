"""What learning does later and at set times."""

from datetime import timedelta

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Every
from openroads.directory.people import system_person
from openroads.listening.labels.actions import auditing, learning, rescoring


@job(learning.RETRAIN, attempts=3)
def retrain_job(work: Job, *, aspect: str, language: str) -> None:
    """Learn a model and test it."""
    learning.learn(by=system_person(), aspect=aspect, language=language, alive=work.beat)


@job(learning.TRY_FOLDER, attempts=2)
def try_folder_job(work: Job, *, language: str) -> None:
    """Test the model in the house's folder."""
    learning.judge_folder(by=system_person(), language=language, alive=work.beat)


@job(learning.RESCORE, attempts=5)
def rescore_job(work: Job, *, language: str) -> None:
    """Read the archive again; goes on where it was when the worker before died."""
    rescoring.rescore(language=language, alive=lambda: work.beat() and not work.cancelled())


@job("listening.draw_sample", attempts=2)
def draw_sample_job(work: Job) -> None:
    """Draw yesterday's random sample."""
    day = timezone.localdate() - timedelta(days=1)
    auditing.draw_of_day(by=system_person(), day=day)


@job("listening.learn_what_is_due", attempts=1)
def learn_what_is_due_job(work: Job) -> None:
    """Test a model wherever enough was labelled."""
    learning.retrain_what_is_due(by=system_person())


@job("listening.hold_labels", attempts=1)
def hold_labels_job(work: Job) -> None:
    """Hold to what people said, and read what came in with the models in force."""
    rescoring.hold_labels(alive=work.beat)
    rescoring.rescore_what_came(by=system_person())


SCHEDULE = (
    Daily("listening.draw_sample", at="05:10"),
    Daily("listening.learn_what_is_due", at="02:40"),
    Every("listening.hold_labels", minutes=15),
)
