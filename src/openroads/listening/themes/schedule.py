"""Themes are made every night, when the day's posts are in."""

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily
from openroads.listening.themes import actions


@job(actions.MAKE, attempts=2)
def make_themes_job(work: Job) -> None:
    """Make the themes of every month that wants it."""
    actions.make_themes(today=timezone.localdate())


SCHEDULE = (Daily(actions.MAKE, at="03:20"),)
