"""The ten roles people can have, as the mission names them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person comes for; a grant gives it, everywhere or in one department or team."""

    CONVERSATION_MANAGER = "conversation_manager", _("conversation manager")
    WEBCARE_AGENT = "webcare_agent", _("webcare agent")
    LISTENER = "listener", _("listener")
    EDITOR = "editor", _("editor")
    CHAMPION = "champion", _("champion")
    DEPARTMENT_HEAD = "department_head", _("department head")
    DECISION_MAKER = "decision_maker", _("decision maker")
    EMPLOYEE = "employee", _("employee")
    CUSTOMER = "customer", _("customer")
    ADMINISTRATOR = "administrator", _("administrator")
