"""The shape of what people type about people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory import queries
from openroads.directory.models import Grant, Person
from openroads.directory.roles import Role

LANGUAGES = [("", _("as the browser asks")), *settings.LANGUAGES]
ROLES = [("", _("no role yet")), *Role.choices]


class AddPersonForm(forms.Form):
    """A new person: who, and the first role."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, required=False)


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role, where it holds and until when."""

    class Meta:
        model = Grant
        fields = ("role", "department", "team", "until")
        widgets = {"until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"until": _("Empty: for good. On this day it no longer holds.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        fields = ("name", "language")
