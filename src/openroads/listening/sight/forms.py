"""The shape of giving sight of names."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.listening.sight.queries import could_see


class SightForm(forms.Form):
    """Who, why, and until when."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person"), empty_label=_("choose a person")
    )
    why = forms.CharField(
        label=_("Why they must know who wrote"), max_length=200,
        help_text=_("One sentence; it stays in the trail."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: for good. From this day on they see pseudonyms again."),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["person"].queryset = could_see()  # type: ignore[attr-defined]
