"""The shape of what people add to exploring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory.queries import departments, teams
from openroads.listening.explore.models import Event


class ViewForm(forms.Form):
    """A name for the view of this address."""

    name = forms.CharField(label=_("Name"), max_length=120)
    shared = forms.BooleanField(label=_("Colleagues see it too"), required=False)
    part = forms.ChoiceField(
        label=_("Or only the people of"),
        required=False,
        help_text=_("Who is shared with must also have the right to read conversations."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(f"department-{one.pk}", one.name) for one in departments().order_by("name")]
        groups: list[Any] = [("", _("nobody else"))]
        if every:
            groups.append((_("Departments"), every))
        if ours := [(f"team-{one.pk}", one.name) for one in teams().order_by("name")]:
            groups.append((_("Teams"), ours))
        self.fields["part"].choices = groups  # type: ignore[attr-defined]

    def shared_with(self) -> dict[str, Any]:
        """Who else sees it, as the actions take it."""
        kind, _dash, number = str(self.cleaned_data.get("part", "")).partition("-")
        found = {"department": departments(), "team": teams()}
        return {
            "shared": self.cleaned_data["shared"],
            **{
                name: rows.filter(pk=number).first() if name == kind else None
                for name, rows in found.items()
            },
        }


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
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Event.Kind.choices,
        initial=Event.Kind.OTHER,
        required=False,
        help_text=_("Own news is what you posted or announced yourselves."),
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For what lasted longer than a day."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("What colleagues should know about it."),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("until") and told.get("on") and told["until"] < told["on"]:
            self.add_error("until", _("The last day comes before the first."))
        return told

    def clean_kind(self) -> str:
        """Whoever says nothing says "other"."""
        return str(self.cleaned_data["kind"]) or Event.Kind.OTHER

    def clean_what(self) -> str:
        """Words, not a paragraph: they stand in a picture."""
        said: Any = self.cleaned_data["what"]
        return " ".join(str(said).split())
