"""What is followed or read besides files of posts: a feed, the brand's own site, its texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.directory.queries import brands_looked_for
from openroads.listening.forms.days import AS_BROWSERS_READ
from openroads.listening.forms.uploading import BoundedFile
from openroads.listening.register.forms import add_grounds

MOST_TEXTS = 100_000_000
"""Bytes of a file with the brand's own texts: all of it is read at once."""


class FeedForm(forms.Form):
    """A feed to follow."""

    address = forms.URLField(
        label=_("Address of the feed"), max_length=500, assume_scheme="https",
        help_text=_("RSS, Atom or JSON feed; a Google Alerts feed too."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    voice = forms.ChoiceField(
        label=_("Who speaks here"),
        choices=(("customer", _("others, about us")), ("brand", _("we do"))),
    )
    brand = forms.ModelChoiceField(
        brands_looked_for(), required=False, label=_("About which brand"),
        empty_label=_("the text itself tells"),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        add_grounds(self, by)


class SiteForm(forms.Form):
    """The brand's own site, to be read page by page."""

    brand = forms.ModelChoiceField(brands_looked_for().filter(own=True), label=_("Brand"))
    address = forms.URLField(
        label=_("Address of the site"), max_length=500, assume_scheme="https",
        help_text=_("Its sitemap and robots.txt are followed; at most 200 pages a visit."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Why we read it"), max_length=200,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        add_grounds(self, by)


class TextsForm(forms.Form):
    """The brand's own texts from a file, with from when to when they were said."""

    brand = forms.ModelChoiceField(brands_looked_for().filter(own=True), label=_("Brand"))
    file = BoundedFile(
        label=_("File with our texts"),
        most=MOST_TEXTS,
        what=_(
            "CSV, Excel or JSON Lines with the columns text and, if you have them, url, title, "
            "valid_from and valid_to; or one .txt, .md or .html file."
        ),
    )
    valid_from = forms.DateField(
        label=_("Said since, where the file does not say"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format=AS_BROWSERS_READ),
    )
