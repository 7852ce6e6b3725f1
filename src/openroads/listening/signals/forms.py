"""The shape of a promise: its words, and where we claim it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openroads.analysis.query.faults import LIMITS
from openroads.directory import queries as directory_queries
from openroads.directory.company import Brand, Product
from openroads.listening.gap_queries import language_name
from openroads.listening.models import BrandText
from openroads.listening.signals.queries import company_languages


class PromiseForm(forms.Form):
    """What we promise and the words it is known by, in each language of the company, and our claim."""

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
        self.languages = company_languages()
        told: dict[str, Any] = {}
        for n, language in enumerate(self.languages):
            spoken = {"language": language_name(language)}
            told[f"name_{language}"] = forms.CharField(
                label=gettext("What we promise, in %(language)s") % spoken, max_length=60, required=False,
                help_text=_("In a word or two: “Range”. A language without a name shows the other’s.") if not n else "",
            )  # fmt: skip
            told[f"text_{language}"] = forms.CharField(
                label=gettext("Words people use for it, in %(language)s") % spoken,
                max_length=LIMITS.letters, required=False,
                widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off", "lang": language}),
                help_text=_("A query: “range OR km”. A post counts when it fits the query of any language.") if not n else "",
            )  # fmt: skip
        self.fields = {**told, **self.fields}
        fields: dict[str, Any] = self.fields
        fields["brand"].queryset = own
        fields["product"].queryset = Product.objects.filter(brand__in=own, ended_on=None)
        fields["source_text"].queryset = BrandText.objects.filter(
            brand__in=own, withdrawn_at=None, valid_to=None
        ).order_by("title", "pk")

    def told(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        said = dict(self.cleaned_data)
        return {
            "names": {each: said.pop(f"name_{each}") for each in self.languages},
            "texts": {each: said.pop(f"text_{each}") for each in self.languages},
            **said,
        }

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())
