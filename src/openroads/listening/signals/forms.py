"""The shape of a promise: its words, and where we claim it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.analysis.query.faults import LIMITS
from openroads.directory import queries as directory_queries
from openroads.directory.company import Brand, Product
from openroads.listening.models import BrandText


class PromiseForm(forms.Form):
    """What we promise, the words it is known by, and our claim."""

    name = forms.CharField(
        label=_("What we promise"), max_length=60, help_text=_("In a word or two: “Range”.")
    )
    text = forms.CharField(
        label=_("Words people use for it"), max_length=LIMITS.letters,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("A query, in all your customers’ languages: “actieradius OR bereik OR range OR km”."),
    )  # fmt: skip
    brand: Any = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.none(), empty_label=None
    )
    product: Any = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False,
        empty_label=_("the brand as a whole"),
    )  # fmt: skip
    claim = forms.CharField(
        label=_("What we claim"), max_length=300, required=False,
        help_text=_("Word for word, as it stands on our site."),
    )  # fmt: skip
    source_text: Any = forms.ModelChoiceField(
        label=_("Where we claim it"), queryset=BrandText.objects.none(), required=False,
        empty_label=_("not on one page"),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        own = directory_queries.brands_looked_for().filter(own=True)
        fields: dict[str, Any] = self.fields
        fields["brand"].queryset = own
        fields["product"].queryset = Product.objects.filter(brand__in=own, ended_on=None)
        fields["source_text"].queryset = BrandText.objects.filter(
            brand__in=own, withdrawn_at=None, valid_to=None
        ).order_by("title", "pk")

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())
