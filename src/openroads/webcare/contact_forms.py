"""The shapes of what is filled in about people, and about what their case is evidence of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.changes import queries as changes
from openroads.changes.models import Insight
from openroads.directory.models import Department, Person


class JoinForm(forms.Form):
    """How one knows that two are one."""

    how = forms.CharField(
        label=_("How do you know?"), max_length=200,
        help_text=_("They said so, or gave the same order number. The same name is not enough."),
    )  # fmt: skip


class InsightForm(forms.Form):
    """An insight that waits, or a sentence and a department for a new one."""

    insight = forms.ModelChoiceField(
        Insight.objects.none(), label=_("An insight that waits"), required=False,
        empty_label=_("a new one, below"),
    )  # fmt: skip
    title = forms.CharField(label=_("The insight in one sentence"), max_length=200, required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Which department decides?"), required=False
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting, departments = self.fields["insight"], self.fields["department"]
        waiting.queryset = changes.open_insights_for(person).order_by("-number")  # type: ignore[attr-defined]
        departments.queryset = changes.departments_to_choose()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("insight") is None:
            for name, told in (
                ("title", _("Say the insight in one sentence, or choose one above.")),
                ("department", _("Choose the department that decides.")),
            ):
                if not cleaned.get(name):
                    self.add_error(name, told)
        return cleaned
