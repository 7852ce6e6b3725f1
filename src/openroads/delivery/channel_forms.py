"""The shape of what people say of a channel: what its way asks, and what it answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from openroads.connectors.answering import Answering
from openroads.delivery.fields import asked_as
from openroads.delivery.models import Channel
from openroads.directory.models import Person
from openroads.directory.queries import accounts_for

MOST_SOURCES = 200


class ChannelForm(forms.Form):
    """Its name and account, what its way asks field by field, and which sources it answers."""

    def __init__(
        self, way: type[Answering], by: Person, data: Any = None, channel: Channel | None = None
    ) -> None:
        super().__init__(data, initial=_initial(channel))
        self._asked = way.fields
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people choose it: Windmee on Mastodon."))  # fmt: skip
        for field in way.fields:
            self.fields[f"way_{field.name}"] = asked_as(field, new=channel is None)
        self.fields["account"] = forms.ModelChoiceField(
            accounts_for(by).filter(network__in=way.networks, retired_on=None), required=False,
            label=_("Account of the company"), empty_label=_("none"),
            help_text=_("From the list under Company: who owns it and how it sounds."),
        )  # fmt: skip
        self.fields["sources"] = forms.CharField(
            label=_("Numbers of the sources it answers"), required=False, max_length=1_000,
            help_text=_("As they stand in the address of a source, separated by commas. Empty: everything its network brings."),
        )  # fmt: skip
        if channel is not None:
            self.fields["is_on"] = forms.BooleanField(label=_("Answer through it"), required=False, help_text=_("Off: answers wait and leave when you put it on again."))  # fmt: skip

    def clean_sources(self) -> list[int]:
        words = self.cleaned_data["sources"].replace(",", " ").split()
        if len(words) > MOST_SOURCES or not all(each.isascii() and each.isdigit() and len(each) < 10 for each in words):  # fmt: skip
            raise forms.ValidationError(_("Numbers only, separated by commas."))
        return sorted({int(each) for each in words})

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in, as the actions take it."""
        names = [name for name in ("name", "account", "sources", "is_on") if name in self.fields]
        told = {field.name: self.cleaned_data[f"way_{field.name}"] for field in self._asked}
        return {**{name: self.cleaned_data[name] for name in names}, "told": told}


def _initial(channel: Channel | None) -> dict[str, Any]:
    """What stands there already, but for what is secret."""
    if channel is None:
        return {}
    told = {f"way_{name}": value for name, value in channel.told.items()}
    sources = ", ".join(map(str, channel.sources))
    return {**told, "name": channel.name, "account": channel.account_id, "sources": sources, "is_on": channel.is_on}  # fmt: skip
