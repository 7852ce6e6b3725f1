"""The shape of what people type about people, departments and teams, and the company."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory import queries
from openroads.directory.company import ONLY, Brand, Product, is_ordinary_word, spellings
from openroads.directory.models import Account, Department, Grant, Person, Team
from openroads.directory.roles import Role
from openroads.ui.networks import network_choices

LANGUAGES = [("", _("as the browser asks")), *settings.LANGUAGES]
ROLES = [("", _("no role yet")), *Role.choices]
LARGEST = 2**63 - 1
"""The largest number a database takes."""
SPOKEN = (("nl", _("Dutch")), ("en", _("English")), ("de", _("German")), ("fr", _("French")))


# ---------------------------------------------------------------------------------------- people
class AddPersonForm(forms.Form):
    """A new person: who, and the first role."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, required=False)


class ChangePersonForm(forms.Form):
    """Somebody's name and address, put right."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254,
        help_text=_("From now on this is the address to log in with."),
    )  # fmt: skip


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role, where it holds and until when."""

    class Meta:
        model = Grant
        fields = ("role", "department", "team", "until")
        widgets = {"until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"until": _("Empty: for good. On this day it no longer holds.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[("", _("choose a role")), *Role.choices]
        )
        for field, found in (("department", queries.departments()), ("team", queries.teams())):
            self.fields[field].queryset = found  # type: ignore[attr-defined]
            self.fields[field].empty_label = _("everywhere")  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return until

    def _post_clean(self) -> None:
        """The action makes the grant; nothing is validated against a half-made one."""


class MyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What everybody may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    class Meta:
        model = Person
        fields = ("name", "language", "theme")
        help_texts = {
            "theme": _("On every device where you choose no other with the button on top.")
        }


# ------------------------------------------------------------------------- departments and teams
class DepartmentForm(forms.Form):
    """A department: its name and who leads it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    head = forms.ModelChoiceField(
        queries.people_to_choose(), required=False, label=_("Head"), empty_label=_("nobody yet")
    )

    @staticmethod
    def told(department: Department) -> dict[str, Any]:
        """What the form begins with."""
        return {"name": department.name, "head": department.head_id}


class TeamForm(forms.Form):
    """A team: its name and the department it is part of, if any."""

    name = forms.CharField(label=_("Name"), max_length=80)
    department = forms.ModelChoiceField(
        queries.departments(), required=False, label=_("Part of department"),
        empty_label=_("none: across departments"),
    )  # fmt: skip

    @staticmethod
    def told(team: Team) -> dict[str, Any]:
        """What the form begins with."""
        return {"name": team.name, "department": team.department_id}


class MemberForm(forms.Form):
    """Who joins."""

    person = forms.ModelChoiceField(
        queries.people_to_choose(), label=_("Person"), empty_label=_("choose somebody")
    )

    def __init__(self, *args: Any, without: list[Person] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [person.pk for person in without or ()]
        self.fields["person"].queryset = queries.people_to_choose().exclude(pk__in=here)  # type: ignore[attr-defined]


# ----------------------------------------------------------------------------------- the company
class CompanyForm(forms.Form):
    """What the company and its customers are called, and in which languages they write."""

    name = forms.CharField(label=_("Name of the company"), max_length=80)
    languages = forms.MultipleChoiceField(
        label=_("Languages your customers write"), choices=SPOKEN, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tone is read in Dutch and English; other languages are counted, their tone stays unknown."),
    )  # fmt: skip
    customers_en = forms.CharField(
        label=_("What you call your customers, in English"), required=False, max_length=30,
        help_text=_("For instance riders, guests or readers. Empty: customers."),
    )  # fmt: skip
    customers_nl = forms.CharField(
        label=_("And in Dutch"), required=False, max_length=30,
        help_text=_("For instance rijders, gasten of lezers. Empty: klanten."),
    )  # fmt: skip
    accent = forms.CharField(
        label=_("Your colour"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "#E4572E", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("As #E4572E; it stands in your house style. Links and buttons of the pages everybody may read get it, darker or lighter where that is needed to be read. Empty: the colour of Openroads."),
    )  # fmt: skip


class NameForm(forms.Form):
    """A name to look for, with every way people spell it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    spelled = forms.CharField(
        label=_("Other spellings"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: nicknames, common slips, the name with the maker’s name before it. Capitals, # and @ do not matter."),
    )  # fmt: skip
    ordinary = forms.BooleanField(
        label=_("The name itself is an ordinary word: look for the other spellings only"),
        required=False,
        help_text=_("“Gracht” is a bicycle and a canal: then “Windmee Gracht” and “my Gracht” are proof, “gracht” is not."),
    )  # fmt: skip

    @staticmethod
    def told(thing: Brand | Product) -> dict[str, Any]:
        """What the form begins with."""
        plain = [form.removeprefix(ONLY) for form in thing.forms]
        return {
            "name": thing.name,
            "spelled": "\n".join(plain),
            "ordinary": is_ordinary_word(thing.forms),
        }

    def clean(self) -> dict[str, Any]:
        """The spellings as they are kept."""
        told = super().clean() or {}
        plain = [form.removeprefix(ONLY) for form in spellings(told.get("spelled", ""))]
        if told.get("ordinary") and not plain:
            self.add_error("spelled", _("Give at least one spelling that is proof."))
        told["forms"] = [f"{ONLY}{form}" for form in plain] if told.get("ordinary") else plain
        return told

    def name_and_forms(self) -> dict[str, Any]:
        """What the actions take."""
        return {"name": self.cleaned_data["name"], "forms": self.cleaned_data["forms"]}


class BrandForm(NameForm):
    """A brand: one of ours or a competitor's."""

    own = forms.ChoiceField(
        label=_("Whose"), choices=((1, _("ours")), (0, _("a competitor’s"))), widget=forms.RadioSelect
    )  # fmt: skip

    field_order = ("name", "own", "spelled", "ordinary")

    def name_and_forms(self) -> dict[str, Any]:
        return {**super().name_and_forms(), "own": self.cleaned_data["own"] == "1"}


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account of the company: where, whose, what for."""

    class Meta:
        model = Account
        fields = ("network", "handle", "url", "brand", "owner", "backup", "purpose", "voice")
        help_texts = {
            "handle": _("With or without @. What it posts counts as what you say."),
            "voice": _("How this account sounds, in a few words."),
        }

    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        networks = [("", _("every network")), *network_choices()]
        self.fields["network"] = forms.ChoiceField(
            label=_("Network"), choices=networks, required=False
        )
        self.fields["brand"] = forms.ModelChoiceField(
            Brand.objects.filter(own=True, ended_on=None), required=False, label=_("Brand"),
            empty_label=_("every brand of ours"),
        )  # fmt: skip
        for field in ("owner", "backup"):
            self.fields[field].queryset = queries.people_to_choose()  # type: ignore[attr-defined]
            self.fields[field].empty_label = _("nobody yet")  # type: ignore[attr-defined]
        self.order_fields(self._meta.fields)

    def clean_url(self) -> str:
        address: str = self.cleaned_data["url"]
        if address and not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Give an address that starts with https://."))
        return address

    def _post_clean(self) -> None:
        """The action sets the fields; nothing is validated against a half-made account."""


class TrailForm(forms.Form):
    """Which part of the trail."""

    by = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    deed = forms.CharField(required=False, max_length=60)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def asked(self) -> queries.TrailFilter:
        """The filter of the address; what cannot be read is not asked."""
        self.is_valid()
        told = self.cleaned_data
        return queries.TrailFilter(told.get("by") or 0, told.get("deed") or "")

    @property
    def before_number(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("before") or 0
