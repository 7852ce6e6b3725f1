"""The shape of what people tell about successes and spotlights."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.champions import queries
from openroads.champions.actions.successes import Told
from openroads.champions.models import Success
from openroads.directory.models import Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
"""A day as browsers ask for it, whatever the language of the page."""
NO_NAMES = _("In your own words. No names of people outside, and not their words: those stay where they said them.")  # fmt: skip
USUAL = timedelta(days=14)
"""How long a spotlight lasts when nobody says otherwise."""


def _amount(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=12, decimal_places=2, help_text=help_text
    )  # fmt: skip


class SuccessForm(forms.Form):
    """What happened, how it is known, and what it brought."""

    title = forms.CharField(
        label=_("What happened, in one sentence"), max_length=160, help_text=NO_NAMES
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Success.Kind.choices)
    on = forms.DateField(label=_("On which day"), widget=DAY)
    story = forms.CharField(
        label=_("The story"), max_length=4_000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As you would tell it at lunch. No names of people outside here either."),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("How it is known"), choices=Success.Level.choices, widget=forms.RadioSelect,
        help_text=_("A and B count once a second person has looked. D is never in a sum."),
    )  # fmt: skip
    proof = forms.CharField(
        label=_("Where that can be seen"), max_length=300, required=False,
        help_text=_("The number in the books, or an address. Needed at A; at B the case is enough."),
    )  # fmt: skip
    low = _amount(_("At least"), _("Leave all three empty when nobody knows: unknown is not zero."))
    base = _amount(
        _("Most likely"),
        _("The margin on a deal, or what was not spent. Never what it would cost to advertise."),
    )
    high = _amount(_("At most"))
    currency = forms.ChoiceField(label=_("Currency"), choices=Success.Currency.choices)

    def told(self) -> Told:
        """What was filled in, as the action takes it."""
        names = ("kind", "title", "on", "level", "story", "proof", "low", "base", "high", "currency")  # fmt: skip
        return Told(**{name: self.cleaned_data[name] for name in names})


class RecordForm(SuccessForm):
    """The same, with whose it is and who may hear of it."""

    field_order = (
        "title", "owner", "kind", "on", "story", "level", "proof", "low", "base", "high", "currency",
    )  # fmt: skip

    owner = forms.ModelChoiceField(
        label=_("Whose success"), queryset=Person.objects.none(), empty_label=None,
        help_text=_("A colleague is told, and says who may hear of it. Until then nobody does."),
    )  # fmt: skip
    tell = forms.ChoiceField(
        label=_("Who may hear of it, when it is yours"), choices=Success.Tell.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    tell_how = forms.CharField(
        label=_("How people outside agreed"), max_length=300, required=False,
        help_text=_("“Said so on the phone, 3 November”. No names. Needed when people outside may hear of it."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "owner": person.pk, "on": timezone.localdate(), "tell": Success.Tell.NOBODY,
            "level": Success.Level.C, **kwargs.get("initial", {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.colleagues()  # type: ignore[attr-defined]


class CorrectForm(SuccessForm):
    """The same facts, and which version of them was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class TellForm(forms.Form):
    """Who may hear of it, and how people outside agreed."""

    tell = forms.ChoiceField(
        label=_("Who may hear of it"), choices=Success.Tell.choices, widget=forms.RadioSelect
    )
    tell_how = forms.CharField(
        label=_("How people outside agreed"), max_length=300, required=False,
        help_text=_("“Said so on the phone, 3 November”. No names. Needed when people outside may hear of it."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("No names of people outside."))  # fmt: skip


class SpotlightForm(forms.Form):
    """Which colleague, why, and for how long."""

    person = forms.ModelChoiceField(
        label=_("Colleague"), queryset=Person.objects.none(), empty_label=_("choose a person"),
        help_text=_("They are asked first. Nothing is shown before they say yes."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_NAMES
    )
    since = forms.DateField(label=_("From"), widget=DAY)
    last = forms.DateField(label=_("Up to and with"), widget=DAY)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "since": today, "last": today + USUAL - timedelta(days=1), **kwargs.get("initial", {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        others = queries.colleagues().exclude(pk=person.pk)
        self.fields["person"].queryset = others  # type: ignore[attr-defined]
