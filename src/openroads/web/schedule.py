"""What only the top of the house can do later: after an erasure, what one room made of another's is forgotten."""

from openroads.champions.actions.forgetting import forget_origins, mask_names
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily
from openroads.listening.erasing.masking import masks_in_force
from openroads.web.handing import GIVERS

FORGET = "web.forget_erased"


@job(FORGET, attempts=5, follows="listening.erase_author")
def forget_job(work: Job) -> None:
    """Take our words out of what was made of things by people who were erased, and their names."""
    for room, giver in GIVERS.items():
        forget_origins(room=room, ids=giver.erased())
        work.beat()
    mask_names(masks=masks_in_force())


SCHEDULE = (Daily(FORGET, at="04:40"),)
