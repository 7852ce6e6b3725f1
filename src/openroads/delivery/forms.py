"""What people fill in about addresses that are told what happens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.delivery.hooks import EVENTS
from openroads.delivery.models import Endpoint


class EndpointForm(forms.Form):
    """Where to, and of what."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What it is: the tracker of Product, the chat of PR."))  # fmt: skip
    address = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https",
        help_text=_("Where messages are sent by POST. An address inside your network must stand in OPENROADS_HTTP_ALLOW."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("What it is told"), widget=forms.CheckboxSelectMultiple
    )
    is_on = forms.BooleanField(label=_("Tell it"), required=False, initial=True, help_text=_("Off: messages wait and leave when you put it on again."))  # fmt: skip

    def __init__(self, data: Any = None, endpoint: Endpoint | None = None) -> None:
        told = {} if endpoint is None else {
            "name": endpoint.name, "address": endpoint.address, "events": endpoint.events, "is_on": endpoint.is_on,
        }  # fmt: skip
        super().__init__(data, initial=told)
        events = self.fields["events"]
        assert isinstance(events, forms.MultipleChoiceField)
        events.choices = [(name, f"{label} ({name})") for name, label in EVENTS.items()]
        if endpoint is None:
            del self.fields["is_on"]
