"""The shape of what people outside ask, and of how it is answered."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openroads.listening.models import PrivacyRequest
from openroads.ui.networks import network_choices

MOST_WORDS = 1_000


class AskForm(forms.Form):
    """What somebody asks. `website` is filled in by machines only: people do not see it."""

    asks = forms.ChoiceField(
        label=_("What do you ask?"), choices=PrivacyRequest.Asks.choices, widget=forms.RadioSelect
    )
    network = forms.ChoiceField(label=_("On which network do you write?"), choices=network_choices)
    handle = forms.CharField(
        label=_("Your handle or name there"), max_length=300, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As the network writes it, with or without @; for a mail address, that address."),
    )  # fmt: skip
    contact = forms.EmailField(
        label=_("Your mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We write to you there about this request, and use it for nothing else."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Anything else we should know"), max_length=MOST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if any(unicodedata.category(letter).startswith("C") for letter in handle):
            raise ValidationError(_("This has signs in it that no handle has."))
        if not handle.strip("@ "):
            raise ValidationError(_("Give the handle."))
        return handle

    @property
    def is_of_machine(self) -> bool:
        """Whether the field was filled in that people leave empty."""
        return bool(self.cleaned_data.get("website"))


class AgainForm(forms.Form):
    """The handle, typed once more before it is erased."""

    again = forms.CharField(
        label=_("Type the handle once more"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class LongerForm(forms.Form):
    """Why it takes longer."""

    why = forms.CharField(
        label=_("Why it takes longer"), max_length=300,
        help_text=_("Goes to who asked; the law allows two months more for what is complex or much."),
    )  # fmt: skip


class CloseForm(forms.Form):
    """What came of it."""

    done = forms.TypedChoiceField(
        label=_("What came of it"), widget=forms.RadioSelect, coerce=lambda told: told == "yes",
        choices=(("yes", _("carried out")), ("no", _("refused"))),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Your answer to who asked"), max_length=4_000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Goes to them by mail and stays here. Do not name them in it: who they are is taken out of the queue."),
    )  # fmt: skip
