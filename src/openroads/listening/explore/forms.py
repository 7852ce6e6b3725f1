"""The shape of what people add to exploring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewForm(forms.Form):
    """A name for the view of this address."""

    name = forms.CharField(label=_("Name"), max_length=120)
    shared = forms.BooleanField(label=_("Colleagues see it too"), required=False)


class EventForm(forms.Form):
    """What happened, and when."""

    on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    what = forms.CharField(
        label=_("What happened"),
        max_length=60,
        help_text=_("A few words, such as “first frost” or “new app”."),
    )

    def clean_what(self) -> str:
        """Words, not a paragraph: they stand in a picture."""
        said: Any = self.cleaned_data["what"]
        return " ".join(str(said).split())
