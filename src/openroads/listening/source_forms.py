"""The shape of what people say of a source: what it is called, why it is read, what a network is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.connectors.searching import Searched
from openroads.delivery.fields import asked_as
from openroads.directory.models import Person
from openroads.directory.queries import brands_looked_for
from openroads.listening.register.forms import add_grounds
from openroads.listening.saying import translated


class SourceForm(forms.Form):
    """The name of a source, its purpose, and until when the key holds of one that has a key."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200, required=False,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("The key with which it is opened expires on"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("You are told two weeks before; empty: it does not, or you do not know."),
    )  # fmt: skip

    def __init__(self, *args: Any, has_key: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        if not has_key:
            del self.fields["expires_on"]


class NetworkForm(forms.Form):
    """What a network asks, field by field as it says itself, and then what the house asks."""

    def __init__(
        self,
        network: type[Searched],
        *args: Any,
        new: bool = True,
        by: Person | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*args, **named)
        self._asked = network.fields
        self.terms = [translated(term) for term in network.agree] if new else []
        for field in network.fields:
            self.fields[field.name] = asked_as(field, new=new)
        if new:
            self.fields["brand"] = forms.ModelChoiceField(
                brands_looked_for(), required=False, label=_("About which brand"),
                empty_label=_("the text itself tells"),
            )  # fmt: skip
            self.fields["name"] = forms.CharField(label=_("Name"), max_length=120, required=False)
            self.fields["purpose"] = forms.CharField(
                label=_("Why we listen here"), max_length=200,
                help_text=_("One sentence; it stands in the register of what is processed."),
            )  # fmt: skip
            add_grounds(self, by)
        if self.terms:
            self.fields["agreed"] = forms.BooleanField(
                label=_("I have read this, and it holds for us"),
                help_text=_("Who confirmed it, and when, stands in the trail."),
            )  # fmt: skip

    @property
    def told(self) -> dict[str, str]:
        """The network's own settings."""
        return {field.name: self.cleaned_data[field.name] for field in self._asked}
