"""Who looks at a page of this room: somebody who may read conversations."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest

from openroads.directory.models import Person
from openroads.listening import policy

READ_OR_SEND = ["GET", "HEAD", "POST"]


def reader(request: HttpRequest) -> Person:
    """The person, who may read conversations."""
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def blame(form: Form, problem: ValidationError) -> None:
    """Put what an action refused beside the fields it is about."""
    known = problem.message_dict if hasattr(problem, "error_dict") else {}
    for name, faults in known.items():
        form.add_error(name if name in form.fields else None, faults)
    if not known:
        form.add_error(None, problem.messages)
