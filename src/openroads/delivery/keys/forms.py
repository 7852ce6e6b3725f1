"""The shape of a key for reading."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.delivery.keys.models import ApiKey
from openroads.directory.models import Person
from openroads.directory.queries import people_to_choose


class KeyForm(forms.Form):
    """Which program, as whom, what, and until when."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Which program reads: the dashboard of Finance, the data warehouse."))  # fmt: skip
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Sees what this person sees"), empty_label=_("choose a person"),
        help_text=_("It never sees more than they do. When they lose a role, so does the key; when they may not sign in, it opens nothing. They are told."),
    )  # fmt: skip
    reads = forms.MultipleChoiceField(
        label=_("Reads"), choices=ApiKey.Reads.choices, widget=forms.CheckboxSelectMultiple
    )
    names = forms.BooleanField(
        label=_("With words and names of people outside"), required=False,
        help_text=_("Off: pseudonyms, figures and moments, and no words. On: also what was said, where the person above may see names."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until it is ended. From this day on it opens nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["person"].queryset = people_to_choose()  # type: ignore[attr-defined]
