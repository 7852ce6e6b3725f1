"""The shape of what people tell about an insight."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.changes import queries
from openroads.changes.models import Insight
from openroads.directory.models import Department, Person


class HandForm(forms.Form):
    """Which department, and who there."""

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=None
    )
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("Somebody of the department that has it."),
    )

    def __init__(self, *args: Any, insight: Insight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_to_choose()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = queries.people_of_departments()  # type: ignore[attr-defined]
        self.initial = {"department": insight.department_id, "owner": insight.owner_id}


class WithdrawForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Why"), max_length=300)


class JoinForm(forms.Form):
    """To which other insight."""

    into = forms.ModelChoiceField(
        label=_("Join it to"), queryset=Insight.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, person: Person, insight: Insight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.open_insights_for(person).exclude(pk=insight.pk)
        self.fields["into"].queryset = others.order_by("-number")  # type: ignore[attr-defined]
