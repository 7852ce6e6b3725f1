"""The shape of a steering action: what was done, when, and what it was aimed at."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory import queries as directory_queries
from openroads.directory.company import Brand, Product
from openroads.listening.reputation.models import SteeringAction
from openroads.listening.topics.models import Topic


class SteeringForm(forms.Form):
    """What was done, on which day, aimed at what, in the hope of what."""

    what = forms.CharField(
        label=_("What was done"), max_length=60,
        help_text=_("As it should stand beside its mark: “Stronger plug announced”."),
    )  # fmt: skip
    on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    brand: Any = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.none(), empty_label=None
    )
    topic: Any = forms.ModelChoiceField(
        label=_("Aimed at the topic"), queryset=Topic.objects.none(), required=False,
        empty_label=_("none"),
        help_text=_("It is held against all other posts about the brand."),
    )  # fmt: skip
    product: Any = forms.ModelChoiceField(
        label=_("or at the product"), queryset=Product.objects.none(), required=False,
        empty_label=_("none"),
        help_text=_("With neither, the brand as a whole is held against its competitors."),
    )  # fmt: skip
    hope = forms.ChoiceField(label=_("Hoped for"), choices=SteeringAction.Hope.choices)
    note = forms.CharField(label=_("How and why"), max_length=300, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        own = directory_queries.brands_looked_for().filter(own=True)
        self.fields["brand"].queryset = own  # type: ignore[attr-defined]
        self.fields["topic"].queryset = Topic.objects.filter(archived_at=None)  # type: ignore[attr-defined]
        self.fields["product"].queryset = Product.objects.filter(  # type: ignore[attr-defined]
            brand__in=own, ended_on=None
        )
        self.fields["on"].initial = timezone.localdate()

    def clean_what(self) -> str:
        return " ".join(str(self.cleaned_data["what"]).split())
