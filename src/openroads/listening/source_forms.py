"""The shape of what people say of a source: what it is called and why it is read."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SourceForm(forms.Form):
    """The name of a source and its purpose."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200, required=False,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip
