"""What the house was taught, for whoever reads posts as they come in: models in force and languages."""

from collections.abc import Callable

from openroads.archive.batch import post_id
from openroads.connectors.port import Page
from openroads.listening.analysing import Taught
from openroads.listening.labels import queries
from openroads.listening.labels.models import Aspect, Label


def taught_for(source: Callable[[], int]) -> Taught:
    """The models in force now, and the languages people said posts of a source are in.

    `source` is asked for its number when the first page comes: an import that was handed over by
    another process finds its source only then. What is taught while a file is read is made up for by
    the jobs that hold labels and read anew.
    """
    models = queries.models_in_force()
    held = Label.objects.filter(aspect=Aspect.LANGUAGE, undone_at=None).order_by("pk")
    languages = {label.post: label.value for label in held.only("post", "value")}
    if not languages:
        return Taught(models)

    def of(page: Page) -> list[str] | None:
        here = source()
        told = [languages.get(post_id(here, each.native_id), "") for each in page.messages]
        return told if any(told) else None

    return Taught(models, of)
