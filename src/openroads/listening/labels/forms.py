"""The shape of what people say of posts, and of samples they draw."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.listening.labels.models import Aspect


class SayForm(forms.Form):
    """One answer as a button gives it: "tone:negative", or "right"; or a language as it is typed."""

    says = forms.CharField(max_length=24, required=False)
    language = forms.CharField(max_length=12, required=False)

    def clean(self) -> dict[str, Any]:
        """`answer` is aspect and value; an empty aspect for "right"."""
        told: dict[str, Any] = super().clean() or {}
        says, language = told.get("says", ""), told.get("language", "")
        aspect, _colon, value = says.partition(":")
        if language:
            told["answer"] = (Aspect.LANGUAGE.value, language)
        elif says == "right":
            told["answer"] = ("", "")
        elif aspect in Aspect.values and value:
            told["answer"] = (aspect, value)
        else:
            raise forms.ValidationError(_("This is not one of the answers."))
        return told


class PlaceForm(forms.Form):
    """Where a post belongs, as a button gives it: "12:in", "12:out", or "right" for every topic it is
    in; or a topic that is chosen from a list."""

    says = forms.CharField(max_length=24, required=False)
    topic = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def clean(self) -> dict[str, Any]:
        """`answer` is the topic's number and whether the post belongs in it; None for "right"."""
        told: dict[str, Any] = super().clean() or {}
        says, chosen = told.get("says", ""), told.get("topic")
        number, _colon, where = says.partition(":")
        if says == "right":
            told["answer"] = None
        elif number.isdecimal() and len(number) < 10 and where in ("in", "out"):
            told["answer"] = (int(number), where == "in")
        elif chosen and not says:
            told["answer"] = (chosen, True)
        else:
            raise forms.ValidationError(_("This is not one of the answers."))
        return told


SPANS = (
    (1, _("the last day")),
    (7, _("the last 7 days")),
    (28, _("the last 28 days")),
    (90, _("the last 90 days")),
    (365, _("the last year")),
)


class DrawForm(forms.Form):
    """A random sample to draw."""

    days = forms.TypedChoiceField(label=_("Of"), choices=SPANS, coerce=int, initial=28)
    size = forms.TypedChoiceField(
        label=_("Posts"), choices=[(n, str(n)) for n in (20, 50, 100, 200)], coerce=int, initial=20
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
