"""The shape of a score, and of what is set for a network."""

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.webcare.satisfaction.models import LONGEST_COMMENT


class ScoreForm(forms.Form):
    """A score, or none to keep the one that was given; and a word beside it."""

    score = forms.IntegerField(min_value=1, max_value=5, required=False)
    comment = forms.CharField(
        label=_("Do you want to add something?"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class AskingForm(forms.Form):
    """Whether people are asked on one network."""

    network = forms.CharField(max_length=40, widget=forms.HiddenInput)
    on = forms.BooleanField(label=_("Ask people here"), required=False)
    also_public = forms.BooleanField(
        label=_("Also in public, where they cannot be reached in private"), required=False
    )
    delay_minutes = forms.IntegerField(
        label=_("Minutes after the case was closed"), min_value=0, max_value=60 * 24 * 7, initial=60
    )
