"""The shapes of what is filled in about cases."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person, Team
from openroads.webcare import queries
from openroads.webcare.models import Case

MORNING = time(9)
SNOOZES = (
    ("2h", _("in two hours")),
    ("tomorrow", _("tomorrow morning")),
    ("monday", _("Monday morning")),
    ("week", _("in a week")),
    ("at", _("on the day and time below")),
)


class HandForm(forms.Form):
    """To whom a case goes."""

    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("no team")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Colleague"), required=False, empty_label=_("nobody yet")
    )
    why = forms.CharField(
        label=_("What should they know? (optional)"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"team": case.team_id, "person": case.assignee_id}
        self.fields["team"].queryset = queries.teams_to_choose()  # type: ignore[attr-defined]
        self.fields["person"].queryset = queries.colleagues_to_choose()  # type: ignore[attr-defined]


class SnoozeForm(forms.Form):
    """Until when a case is put off."""

    when = forms.ChoiceField(
        label=_("Until"), choices=SNOOZES, widget=forms.RadioSelect, initial="tomorrow"
    )
    at = forms.DateTimeField(
        label=_("Day and time"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "at" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", forms.ValidationError(_("Give the day and the time.")))
        return cleaned

    def until(self) -> datetime:
        """The moment that was chosen."""
        return moment_of(self.cleaned_data["when"], self.cleaned_data.get("at"), timezone.now())


def moment_of(when: str, at: datetime | None, now: datetime) -> datetime:
    """What a choice of the list means, in the house's time zone: mornings begin at nine."""
    if when == "at" and at is not None:
        return at
    if when == "2h":
        return now + timedelta(hours=2)
    local = timezone.localtime(now)
    days = {"tomorrow": 1, "monday": 7 - local.weekday(), "week": 7}.get(when, 1)
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return datetime.combine(local.date() + timedelta(days=days), MORNING, tzinfo=zone)


class MergeForm(forms.Form):
    """The case another one is part of."""

    into = forms.ModelChoiceField(Case.objects.none(), label=_("Which case does it belong to?"))

    def __init__(self, *args: Any, person: Person, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = queries.cases_to_merge(person, case)
        field.label_from_instance = lambda one: f"{one.code}, {one.opened_at:%Y-%m-%d}"


class ElsewhereForm(forms.Form):
    """An answer that was given at the network itself."""

    text = forms.CharField(
        label=_("What was answered"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    url = forms.URLField(
        label=_("Where it stands"), max_length=2_000, assume_scheme="https",
        help_text=_("The address of our answer: proof, and a way back to it."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    """Why an answer goes back to its writer."""

    why = forms.CharField(label=_("What should be different?"), max_length=300)


class BlockForm(forms.Form):
    """Why nothing is taken in any more of an account."""

    why = forms.CharField(label=_("Why?"), max_length=200)
