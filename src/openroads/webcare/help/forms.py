"""The shape of what people write in articles, and of what readers say of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.webcare.help import queries
from openroads.webcare.help.models import LANGUAGES, Article, ArticleVersion


def blame(form: forms.Form, problem: ValidationError) -> None:
    """Say what an action refused at the field it is about."""
    known = problem.message_dict if hasattr(problem, "error_dict") else {}
    for name, faults in known.items():
        form.add_error(name if name in form.fields else None, faults)
    if not known:
        form.add_error(None, problem.messages)


class VersionForm(forms.Form):
    """What an article says in a language."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("The question, as people ask it.")
    )
    body = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("An empty line begins a paragraph. “- ” begins an item of a list, “1. ” of a numbered one, “## ” a head. Addresses become links; [words](https://…) too. No names of people."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: ArticleVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version is not None:
            self.initial = {"title": version.title, "body": version.body}


class ArticleForm(VersionForm):
    """A new article."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    words = forms.CharField(
        label=_("Topic words"), max_length=300, required=False,
        help_text=_("Other words people use for it, separated by commas."),
    )  # fmt: skip


class DescribeForm(forms.Form):
    """Who owns an article, and by what it is found."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.none(), empty_label=None
    )
    words = forms.CharField(
        label=_("Topic words"), max_length=300, required=False,
        help_text=_("Other words people use for it, separated by commas."),
    )  # fmt: skip

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.owners_to_choose()  # type: ignore[attr-defined]
        self.initial = {"owner": article.owner_id, "words": article.words}


class CentreForm(forms.Form):
    """How the help centre is set."""

    is_findable = forms.BooleanField(
        label=_("Search engines may find the help centre"), required=False,
        help_text=_("Whoever has the address can read it all the same."),
    )  # fmt: skip


class FeedbackForm(forms.Form):
    """What a reader says. `website` is filled in by machines only: people do not see it."""

    slip = forms.CharField(max_length=300, widget=forms.HiddenInput)
    helped = forms.ChoiceField(
        choices=(("yes", _("Yes")), ("no", _("No"))), widget=forms.HiddenInput
    )
    words = forms.CharField(
        label=_("What was missing, or what helped"), max_length=1_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Without your name or address: we cannot answer you here."),
    )  # fmt: skip
    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    @property
    def is_of_machine(self) -> bool:
        """Whether the field was filled in that people leave empty."""
        return bool(self.cleaned_data.get("website"))
