"""The shape of what people tell when they start an insight, subscribe, plan an hour, export."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.changes import queries as changes
from openroads.changes.models import Insight
from openroads.directory.models import Department, Person, Team
from openroads.listening.culture import queries
from openroads.listening.culture.models import Export, Subscription
from openroads.listening.topics.models import Topic


class InsightForm(forms.Form):
    """A new insight: the sentence, why it matters, who decides."""

    title = forms.CharField(
        label=_("The insight in one sentence"),
        max_length=200,
        help_text=_("As one of the people could have said it: what is the matter, for whom."),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What stands behind it, and what you would ask the department."),
    )
    department = forms.ModelChoiceField(
        label=_("Department that decides"),
        queryset=Department.objects.none(),
        empty_label=_("choose a department"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = changes.departments_to_choose()  # type: ignore[attr-defined]


class AddForm(forms.Form):
    """An insight that waits already."""

    insight = forms.ModelChoiceField(
        label=_("Insight"), queryset=Insight.objects.none(), empty_label=_("choose an insight")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = changes.open_insights_for(person)
        self.fields["insight"].queryset = every.order_by("-number")  # type: ignore[attr-defined]


class SubscribeForm(forms.Form):
    """For whom, and how often."""

    name = forms.CharField(label=_("What it is about"), max_length=120)
    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=Subscription.Rhythm.choices,
        widget=forms.RadioSelect,
        initial=Subscription.Rhythm.WEEKLY,
        help_text=_("At once means: when somebody says something, at most every four hours."),
    )
    team = forms.ModelChoiceField(
        label=_("For whom"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("only me"),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = queries.teams_to_choose(person)  # type: ignore[attr-defined]


class HourForm(forms.Form):
    """A team, a name and the topics to read about."""

    title = forms.CharField(label=_("What it is about"), max_length=120)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), empty_label=_("choose a team")
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Twenty posts of the last four weeks are drawn from these, as many of each."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = queries.teams_to_choose(person)  # type: ignore[attr-defined]
        self.fields["topics"].queryset = queries.topics_to_choose(person)  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    """What came of a listening hour."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing is an answer too: leave it empty."),
    )


class ExportForm(forms.Form):
    """Which kind of file."""

    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=Export.Format.choices,
        widget=forms.RadioSelect,
        initial=Export.Format.CSV,
    )
