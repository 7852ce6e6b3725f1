"""How a file is read: as detected, to be put right by who knows better."""

import hashlib
from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openroads.connectors.dates import Unclear, zone
from openroads.connectors.files import NOTHING_SAID, Reading, Writing
from openroads.connectors.files.writing import DELIMITERS, ENCODINGS, LAST_HEADING, QUOTES
from openroads.directory.company import Brand
from openroads.directory.queries import brands_looked_for
from openroads.listening.forms.days import AS_BROWSERS_READ
from openroads.listening.register.forms import GROUNDS, add_grounds, grounds_of
from openroads.listening.saying import translated
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

WRITTEN = ("encoding", "delimiter", "quote", "sheet", "heading")
"""How the file is written: another choice reads it anew."""
REST = ("default_network", "default_said_at", "brand")

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


class ReadingForm(forms.Form):
    """How a file is read, as detected, to be put right where it was read wrongly."""

    def __init__(
        self, data: Any = None, *, reading: Reading, whence: Whence, **kwargs: Any
    ) -> None:
        self.reading = reading
        self.whence = whence
        self.choices = written_choices(reading)
        self.seen = shown_mark(reading)
        self.stale = data is not None and data.get("seen", self.seen) != self.seen
        shown = reading.writing.said
        initial = {
            **{name: self._name(name, value) for name, value in shown.items()},
            "date_order": reading.date_order,
            "timezone": reading.timezone,
            "default_network": reading.default_network,
            "default_said_at": reading.default_said_at,
            **{f"column_{field}": reading.columns.get(field, "") for field, _label in FIELDS},
        }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        kwargs.setdefault("label_suffix", "")
        super().__init__(_fitting(data, reading) if self.stale else data, **kwargs)
        said = self.initial.get("brand")
        said_before = Brand.objects.filter(pk=said.pk) if said else Brand.objects.none()
        self.fields["brand"].queryset = brands_looked_for() | said_before  # type: ignore[attr-defined]
        columns = [("", _("none")), *((name, name) for name in reading.header)]
        for field, label in FIELDS:
            self.fields[f"column_{field}"] = forms.ChoiceField(
                label=label, choices=columns, required=False
            )
        for name in WRITTEN:
            if name not in shown:
                del self.fields[name]
                continue
            if name in self.choices:
                self.fields[name].choices = [  # type: ignore[attr-defined]
                    (key, words) for key, _value, words in self.choices[name]
                ]
            found = reading.found.said.get(name)
            if found is not None and found != shown[name]:
                self.fields[name].help_text = self._found(name)
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
            if whence.source:
                del self.fields["purpose"]
        if "purpose" in self.fields:
            add_grounds(self, None)

    encoding = forms.ChoiceField(label=_("Letters are written as"))
    delimiter = forms.ChoiceField(label=_("Cells are set apart by"))
    quote = forms.ChoiceField(label=_("Around a cell may stand"))
    sheet = forms.ChoiceField(label=_("Sheet"))
    heading = forms.IntegerField(
        label=_("Row with the headings; 0 if there is none"), min_value=0, max_value=LAST_HEADING
    )
    source = forms.ChoiceField(label=_("Which source this file goes on with"), required=False)
    source_name = forms.CharField(
        label=_("Name of the other source"), max_length=120, required=False
    )
    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200, required=False,
        help_text=_("For instance: what customers say in reviews, to make our service better. You can say it later too."),
    )  # fmt: skip
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
    timezone = forms.CharField(
        label=_("Time zone of times that name none"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    default_network = forms.ChoiceField(
        label=_("Network, where the file does not say"), choices=network_choices
    )
    default_said_at = forms.DateField(
        label=_("Date, where the file has none"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format=AS_BROWSERS_READ),
    )

    def _name(self, field: str, value: Any) -> Any:
        """What the form calls a way of writing: a tab cannot stand in a list of choices."""
        named = {sign: name for name, sign, _words in self.choices.get(field, ())}
        return named.get(value, value)

    def _found(self, field: str) -> str:
        value = getattr(self.reading.found, field)
        words = {sign: words for _name, sign, words in self.choices.get(field, ())}
        return gettext("Found: %(what)s") % {"what": words.get(value, value)}

    def clean_timezone(self) -> str:
        named: str = self.cleaned_data["timezone"]
        try:
            zone(named)
        except Unclear as unclear:
            raise ValidationError(translated(unclear.why)) from unclear
        return named

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not self.reads_anew and not told.get("column_text"):
            self.add_error("column_text", _("Choose the column that holds the text."))
        return told

    def writing(self) -> Writing:
        """What the person says of how the file is written: what they change now, and said before. Back
        to all that the file shows by itself, nothing is said."""
        said: dict[str, Any] = {}
        for name, shown in self.reading.writing.said.items():
            signs = {key: sign for key, sign, _words in self.choices.get(name, ())}
            told = signs.get(self.cleaned_data[name], self.cleaned_data[name])
            before = getattr(self.reading.by_hand, name)
            if told != shown or before is not None:
                said[name] = told
        found = self.reading.found.said
        if found and all(value == found.get(name) for name, value in said.items()):
            return NOTHING_SAID
        return Writing(**said)

    @property
    def reads_anew(self) -> bool:
        """Whether another way of writing is asked for."""
        return self.is_bound and self.writing() != self.reading.by_hand

    @property
    def is_unseen(self) -> bool:
        """Whether the person who sent this has not seen the rows that it would import."""
        return self.stale or self.reads_anew

    def origin(self) -> dict[str, Any]:
        """Which source the person says the file is of; nothing where nobody was asked."""
        chosen = self.cleaned_data.get("source", "")
        by_key = {str(source.pk): source for source in self.whence.known}
        return {
            "source": by_key.get(chosen),
            "another": chosen == ANOTHER,
            "source_name": self.cleaned_data.get("source_name", ""),
            "purpose": self.cleaned_data.get("purpose", ""),
            "grounds": grounds_of(self) if "purpose" in self.fields else None,
        }

    @property
    def grounds(self) -> Iterable[forms.BoundField]:
        """What the register asks of a source that begins; nothing where none does."""
        return [self[name] for name in GROUNDS if name in self.fields]

    def corrections(self) -> dict[str, Any]:
        """The reading as the person wants it. Columns that were found and are not asked about (the
        time of day, who is the company) stay."""
        told = self.cleaned_data
        columns = dict(self.reading.columns)
        for field, _label in FIELDS:
            columns.pop(field, None)
            if told[f"column_{field}"]:
                columns[field] = told[f"column_{field}"]
        # The order is in every form that is sent; only another one than was shown says something.
        order = told["date_order"]
        ordered = {"date_order": order} if order != self.reading.date_order else {}
        return {
            "columns": columns,
            "brand": told["brand"],
            "all_dates_alike": told.get("all_dates_alike", False),
            **ordered,
            "timezone": told["timezone"],
            "default_network": told["default_network"],
            "default_said_at": told["default_said_at"],
        }

    def columns(self) -> Iterable[forms.BoundField]:
        return [self[f"column_{field}"] for field, _label in FIELDS]

    def written(self) -> Iterable[forms.BoundField]:
        return [self[name] for name in WRITTEN if name in self.fields]

    def rest(self) -> Iterable[forms.BoundField]:
        return [self[name] for name in REST]

    def zones(self) -> list[str]:
        """Names of time zones to choose from: those of a place."""
        return sorted(
            name for name in available_timezones()
            if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
        )  # fmt: skip


def shown_mark(reading: Reading) -> str:
    """A mark of how the file is written: a page that carries another one shows other rows."""
    told = f"{reading.writing.said}{reading.header}"
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _fitting(data: Any, reading: Reading) -> Any:
    """What was posted of a page that shows another table, with what was found of this one instead.

    A script reads the file anew as soon as a field changes; a button pressed in the same moment
    posts the page from before.
    """
    posted = {field: data.get(f"column_{field}", "") for field, _label in FIELDS}
    if all(name in reading.header for name in posted.values() if name):
        return data
    fitting = data.copy()
    for field in posted:
        fitting[f"column_{field}"] = reading.columns.get(field, "")
    for name in ("date_order", "default_network", "default_said_at"):
        value = getattr(reading, name)
        fitting[name] = "" if value is None else str(value)
    return fitting


def written_choices(reading: Reading) -> dict[str, list[tuple[str, str, str]]]:
    """Per way of writing what can be chosen, as (name, value, words in the reader's language). How the
    file is read now is always among it."""
    choices = {
        "encoding": [(codec, codec, translated(words)) for codec, words in ENCODINGS],
        "delimiter": [(name, sign, translated(words)) for name, sign, words in DELIMITERS],
        "quote": [(name, sign, translated(words)) for name, sign, words in QUOTES],
        "sheet": [(sheet, sheet, sheet) for sheet in reading.sheets],
    }
    for name, known in choices.items():
        now = getattr(reading.writing, name)
        if now is not None and now not in [value for _name, value, _words in known]:
            known.append((now, now, now))
    return choices
