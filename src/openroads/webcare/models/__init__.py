"""The tables of answering: who people are to us, their cases, what was said and done in each, and drafts.

Words of people outside stand in the archive and nowhere here: a message of theirs is the id of a post.
So what is erased, edited or kept no longer there is so here too, at the same moment.
"""

from openroads.webcare.approach import models as approach  # noqa: F401 (its tables)
from openroads.webcare.clocks import models as clocks  # noqa: F401 (its tables)
from openroads.webcare.figures import models as figures  # noqa: F401 (its tables)
from openroads.webcare.help import models as help  # noqa: F401 (its tables)
from openroads.webcare.models.cases import CLAIM, CLOSED, IN_ORDER, NOT_CLOSED, Case
from openroads.webcare.models.contacts import Contact, Identity
from openroads.webcare.models.events import CaseEvent
from openroads.webcare.models.messages import Draft, Message
from openroads.webcare.models.presence import Intake, Presence
from openroads.webcare.rules.models import Rule, RuleRun
from openroads.webcare.satisfaction import models as satisfaction  # noqa: F401 (its tables)
from openroads.webcare.saved import models as saved  # noqa: F401 (its tables)

__all__ = [
    "CLAIM",
    "CLOSED",
    "IN_ORDER",
    "NOT_CLOSED",
    "Case",
    "CaseEvent",
    "Contact",
    "Draft",
    "Identity",
    "Intake",
    "Message",
    "Presence",
    "Rule",
    "RuleRun",
]
