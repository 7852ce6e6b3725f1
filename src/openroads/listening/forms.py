"""The shape of what people fill in to let the house listen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.connectors.files import Reading
from openroads.directory.company import Brand
from openroads.listening.whence import Whence
from openroads.ui.networks import network_choices

FIELDS = (
    ("text", _("Text")),
    ("said_at", _("Date and time")),
    ("native_id", _("Number of the post")),
    ("author", _("Author")),
    ("author_name", _("Author’s name")),
    ("url", _("Address of the post")),
    ("title", _("Title")),
    ("network", _("Network")),
    ("language", _("Language")),
    ("reply_to", _("Reply to")),
    ("thread", _("Conversation")),
    ("repost", _("Is a repost")),
    ("likes", _("Likes")),
    ("replies", _("Replies")),
    ("reposts", _("Reposts")),
    ("views", _("Views")),
    ("rating", _("Rating")),
)

ANOTHER = "another"
"""The choice that says: none of the sources we know."""

DATE_ORDERS = (
    ("iso", _("2026-11-24, with or without a time")),
    ("dmy", _("24-11-2026: day first")),
    ("mdy", _("11/24/2026: month first")),
    ("excel", _("46350: days as a spreadsheet counts them")),
    ("epoch_s", _("1795478400: seconds since 1970")),
    ("epoch_ms", _("1795478400000: milliseconds since 1970")),
)


class UploadForm(forms.Form):
    """A file with what customers say."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, TSV, Excel (.xlsx), JSON Lines or a Zeeschuimer export. "
            "You see how it is read before anything is stored."
        ),
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(),
        required=False,
        label=_("About which brand"),
        empty_label=_("the text itself tells"),
    )


class ReadingForm(forms.Form):
    """How a file is read, as detected, to be put right where it was read wrongly."""

    def __init__(self, *args: Any, reading: Reading, whence: Whence, **kwargs: Any) -> None:
        self.reading = reading
        self.whence = whence
        initial = {
            "date_order": reading.date_order,
            "timezone": reading.timezone,
            "default_network": reading.default_network,
            "default_said_at": reading.default_said_at,
            **{f"column_{field}": reading.columns.get(field, "") for field, _label in FIELDS},
        }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        columns = [("", _("none")), *((name, name) for name in reading.header)]
        for field, label in FIELDS:
            self.fields[f"column_{field}"] = forms.ChoiceField(
                label=label, choices=columns, required=field == "text"
            )
        if not reading.date_mixed:
            del self.fields["all_dates_alike"]
        if whence.asks:
            self.fields["source"].choices = [  # type: ignore[attr-defined]
                *((str(source.pk), source.name) for source in whence.known),
                (ANOTHER, _("another source")),
            ]
            self.fields["source"].initial = str(whence.source.pk) if whence.source else ANOTHER
        else:
            del self.fields["source"], self.fields["source_name"]

    source = forms.ChoiceField(label=_("Which source this file goes on with"), required=False)
    source_name = forms.CharField(
        label=_("Name of the other source"), max_length=120, required=False
    )
    all_dates_alike = forms.BooleanField(
        label=_("The ambiguous dates too are written this way"), required=False
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(),
        required=False,
        label=_("About which brand"),
        empty_label=_("the text itself tells"),
    )
    date_order = forms.ChoiceField(label=_("How dates are written"), choices=DATE_ORDERS)
    timezone = forms.CharField(label=_("Time zone of the dates"), max_length=40)
    default_network = forms.ChoiceField(
        label=_("Network, where the file does not say"), choices=network_choices
    )
    default_said_at = forms.DateField(
        label=_("Date, where the file has none"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def origin(self) -> dict[str, Any]:
        """Which source the person says the file is of; nothing where nobody was asked."""
        chosen = self.cleaned_data.get("source", "")
        by_key = {str(source.pk): source for source in self.whence.known}
        return {
            "source": by_key.get(chosen),
            "another": chosen == ANOTHER,
            "source_name": self.cleaned_data.get("source_name", ""),
        }

    def corrections(self) -> dict[str, Any]:
        """The reading as the person wants it. Columns that were found and are not asked about (the
        time of day, who is the company) stay."""
        told = self.cleaned_data
        columns = dict(self.reading.columns)
        for field, _label in FIELDS:
            columns.pop(field, None)
            if told[f"column_{field}"]:
                columns[field] = told[f"column_{field}"]
        return {
            "columns": columns,
            "all_dates_alike": told.get("all_dates_alike", False),
            "date_order": told["date_order"],
            "timezone": told["timezone"],
            "default_network": told["default_network"],
            "default_said_at": told["default_said_at"],
        }

    def columns(self) -> Iterable[forms.BoundField]:
        return [self[f"column_{field}"] for field, _label in FIELDS]


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
        Brand.objects.all(), required=False, label=_("About which brand"),
        empty_label=_("the text itself tells"),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip


class SiteForm(forms.Form):
    """The brand's own site, to be read page by page."""

    brand = forms.ModelChoiceField(Brand.objects.filter(own=True), label=_("Brand"))
    address = forms.URLField(
        label=_("Address of the site"), max_length=500, assume_scheme="https",
        help_text=_("Its sitemap and robots.txt are followed; at most 200 pages a visit."),
    )  # fmt: skip


class TextsForm(forms.Form):
    """The brand's own texts from a file, with from when to when they were said."""

    brand = forms.ModelChoiceField(Brand.objects.filter(own=True), label=_("Brand"))
    file = forms.FileField(
        label=_("File with our texts"),
        help_text=_(
            "CSV, Excel or JSON Lines with the columns text and, if you have them, url, title, "
            "valid_from and valid_to; or one .txt, .md or .html file."
        ),
    )
    valid_from = forms.DateField(
        label=_("Said since, where the file does not say"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
