"""One line of a form, as a connector says that it asks it."""

from django import forms
from django.utils.translation import gettext

from openroads.connectors.port import Field
from openroads.ui.saying import translated


def asked_as(field: Field, *, new: bool) -> forms.Field:
    """A field of the form; a secret that is kept already is never shown and may be left as it is."""
    told = translated(field.help)
    if field.choices:
        return forms.ChoiceField(
            label=translated(field.label),
            help_text=told,
            required=field.required,
            choices=[(value, translated(label)) for value, label in field.choices],
            initial=field.default,
            widget=forms.RadioSelect,
        )
    if field.secret and not new:
        told = f"{told} {gettext('Leave it empty to keep what is there.')}".strip()
    return forms.CharField(
        label=translated(field.label),
        help_text=told,
        required=field.required and (new or not field.secret),
        initial=field.default,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}) if field.secret else None,
    )
