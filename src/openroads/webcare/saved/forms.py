"""The shape of a saved reply."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.webcare.help.models import LANGUAGES
from openroads.webcare.saved import queries
from openroads.webcare.saved.models import SavedReply

USUAL_LIFE = timedelta(days=365)


class ReplyForm(forms.Form):
    """All of a saved reply."""

    title = forms.CharField(label=_("Title"), max_length=120)
    code = forms.CharField(
        label=_("Short code"), max_length=31,
        help_text=_("Typed behind a slash while answering: /accu."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text = forms.CharField(
        label=_("Text"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Filled in for each case: {name}, {our_name}, {product} and {case}."),
    )  # fmt: skip
    policy_url = forms.URLField(
        label=_("The policy it rests on"), max_length=500, required=False, assume_scheme="https",
        help_text=_("An address, for who wants to know why we say this."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.none(), empty_label=None
    )
    expires_on = forms.DateField(
        label=_("Ends on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From that day on it cannot be used. Its owner hears of it fourteen days before."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, person: Person, reply: SavedReply | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.owners_to_choose()  # type: ignore[attr-defined]
        names = ("title", "code", "language", "text", "policy_url", "expires_on")
        if reply is not None:
            self.initial = {name: getattr(reply, name) for name in names} | {
                "owner": reply.owner_id
            }
        else:
            self.initial = {"owner": person.pk, "expires_on": timezone.localdate() + USUAL_LIFE}
