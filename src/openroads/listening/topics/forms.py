"""The shape of what people say of a topic."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.analysis.query.faults import LIMITS
from openroads.directory import queries as directory_queries
from openroads.directory.company import Brand
from openroads.directory.models import Department


class DescriptionForm(forms.Form):
    """What a topic is called and who it concerns."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What it is about"), max_length=300, required=False,
        help_text=_("One sentence, so that a colleague knows what belongs in it."),
    )  # fmt: skip
    brand: Any = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.none(), required=False,
        empty_label=_("every brand"),
        help_text=_("Its figures count posts about this brand only."),
    )  # fmt: skip
    department: Any = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), required=False,
        empty_label=_("none in particular"),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["brand"].queryset = directory_queries.brands_looked_for()  # type: ignore[attr-defined]
        self.fields["department"].queryset = directory_queries.departments()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class QueryForm(forms.Form):
    """A query, and why it is what it is. Whether it can be searched is for the query's own reader."""

    text = forms.CharField(
        label=_("Query"), max_length=LIMITS.letters,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why so"), max_length=300, required=False,
        help_text=_("For whoever reads the versions later."),
    )  # fmt: skip

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())
