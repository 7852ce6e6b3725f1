"""What the first-start wizard asks, a step at a time."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import spellings
from openroads.directory.models import Person

LANGUAGES = (("nl", _("Dutch")), ("en", _("English")))


class LanguageForm(forms.Form):
    """Step 1: in which language the house speaks to its people."""

    language = forms.ChoiceField(
        label=_("Language of Openroads"), choices=LANGUAGES, widget=forms.RadioSelect
    )


class CompanyForm(forms.Form):
    """Step 2: whose house it is."""

    name = forms.CharField(label=_("Name of the company"), max_length=80)
    languages = forms.MultipleChoiceField(
        label=_("Languages your customers write"),
        choices=(*LANGUAGES, ("de", _("German")), ("fr", _("French"))),
        widget=forms.CheckboxSelectMultiple,
        initial=["nl", "en"],
        help_text=_("Tone is read in Dutch and English; other languages are counted, their tone stays unknown."),
    )  # fmt: skip
    customers_en = forms.CharField(
        label=_("What you call your customers, in English"), required=False, max_length=30,
        help_text=_("For instance riders, guests or readers. Empty: customers."),
    )  # fmt: skip
    customers_nl = forms.CharField(
        label=_("And in Dutch"), required=False, max_length=30,
        help_text=_("For instance rijders, gasten or lezers. Empty: klanten."),
    )  # fmt: skip


class NamesForm(forms.Form):
    """Step 3: brands and products, one a line."""

    brand = forms.CharField(label=_("Brand"), max_length=80)
    brand_forms = forms.CharField(
        label=_("Other spellings of the brand"), required=False, max_length=300,
        help_text=_("Separated by commas, with the names of your own accounts."),
    )  # fmt: skip
    handles = forms.CharField(
        label=_("Your own accounts"), required=False, max_length=500,
        help_text=_("Handles separated by commas. What they post counts as what you say, not as what customers say."),
    )  # fmt: skip
    products = forms.CharField(
        label=_("Products"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text=_(
            "One a line; other spellings after a colon, separated by commas. "
            "Where a name is an ordinary word, start its spellings with =, as in “Gracht: =Windmee Gracht, =gracht fiets”."
        ),
    )  # fmt: skip

    def clean_products(self) -> list[tuple[str, list[str]]]:
        """Pairs of a name and its other spellings."""
        found: list[tuple[str, list[str]]] = []
        for line in self.cleaned_data["products"].splitlines():
            name, _colon, others = line.partition(":")
            if name.strip():
                found.append((name.strip()[:80], spellings(others)))
        names = [name.casefold() for name, _others in found]
        twice = [name for name, _others in found if names.count(name.casefold()) > 1]
        if twice:
            raise forms.ValidationError(
                _("%(name)s stands here twice; keep one line of each."), params={"name": twice[0]}
            )
        return found


class AdministratorForm(forms.Form):
    """Step 4: the first person."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Your email address"))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False, help_text=_("At least 12 characters; a sentence is fine."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A password may not be too much like the name or address it belongs to."""
        told = super().clean() or {}
        if "password" in told:
            person = Person(name=told.get("name", ""), email=told.get("email", ""))
            try:
                validate_password(told["password"], person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return told


STEPS: tuple[tuple[str, Any, type[forms.Form]], ...] = (
    ("language", _("Language"), LanguageForm),
    ("company", _("Company"), CompanyForm),
    ("names", _("Brand and products"), NamesForm),
    ("administrator", _("You"), AdministratorForm),
)
