"""What people fill in to let others push posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.directory.queries import brands_looked_for
from openroads.listening.register.forms import add_grounds


class PushForm(forms.Form):
    """What the source is called, about which brand it is, and why it is read."""

    name = forms.CharField(
        label=_("Name"), max_length=120,
        help_text=_("What sends the posts: a chat, a survey, the system of customer service."),
    )  # fmt: skip
    brand = forms.ModelChoiceField(
        brands_looked_for(), required=False, label=_("About which brand"),
        empty_label=_("the text itself tells"),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        add_grounds(self, by)
