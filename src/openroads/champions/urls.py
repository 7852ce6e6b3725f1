"""Addresses of the room of champions; the pages that need it get the door to things of other rooms."""

from django.urls import URLPattern, path

from openroads.champions.handing import Origins
from openroads.champions.views import spotlights, successes

NAME = "champions"


def addresses(origins: Origins) -> list[URLPattern]:
    """The addresses of this room; `origins` is what the top of the house knows of the rooms beside it."""
    door = {"origins": origins}
    return [
        path("", successes.successes, name="successes"),
        path("successes.csv", successes.successes_csv, name="successes_csv"),
        path("definition/", successes.definition, name="definition"),
        path("add/", successes.add, door, name="add"),
        path("<int:number>/", successes.success, door, name="success"),
        path("<int:number>/correct/", successes.correct, door, name="correct"),
        path("<int:number>/tell/", successes.tell, name="tell"),
        path("<int:number>/confirm/", successes.confirm, name="confirm"),
        path("<int:number>/withdraw/", successes.withdraw, name="withdraw"),
        path("spotlight/", spotlights.spotlights, name="spotlights"),
        path("spotlight/ask/", spotlights.ask, door, name="ask"),
        path("spotlight/<int:spotlight>/", spotlights.spotlight, door, name="spotlight"),
        path("spotlight/<int:spotlight>/answer/", spotlights.answer, name="answer"),
        path("spotlight/<int:spotlight>/step-out/", spotlights.step_out, name="step_out"),
        path("spotlight/<int:spotlight>/call-off/", spotlights.call_off, name="call_off"),
    ]
