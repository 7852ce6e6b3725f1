"""The shape of what is asked about an author."""

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.ui.networks import network_choices


class AuthorForm(forms.Form):
    """Who is meant."""

    network = forms.ChoiceField(label=_("Network"), choices=network_choices)
    handle = forms.CharField(
        label=_("Handle"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As the network writes it, with or without @. Reviewers often have only a name: type that."),
    )  # fmt: skip


class EraseForm(AuthorForm):
    """The same author, typed once more."""

    network = forms.ChoiceField(choices=network_choices, widget=forms.HiddenInput)
    handle = forms.CharField(max_length=300, widget=forms.HiddenInput)
    again = forms.CharField(
        label=_("Type the handle once more"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
