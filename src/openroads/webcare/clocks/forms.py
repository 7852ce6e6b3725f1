"""The shape of opening hours and of promises as people write them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from openroads.analysis.worktime import DAY, Block
from openroads.directory.models import Team
from openroads.ui.networks import network_choices
from openroads.webcare.clocks import holidays, queries
from openroads.webcare.clocks.models import (
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.models import Case

BLOCKS = 3
"""How many blocks of a day the form has; a fourth is nobody's day."""
MOST_HOLIDAYS = 200
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d)?)\s*(?:h|u|uur|hours?|hrs?)\.?)?\s*(?:(?P<minutes>\d{1,5})\s*(?:m|min|minuten|minutes?)\.?)?",
    re.IGNORECASE,
)


def minutes_of(said: str) -> int:
    """ "2 h 30 min", "1:30", "45 min" or "2 uur" as minutes. Raises ValueError for anything else: a bare
    number could be either."""
    text = " ".join(said.split())
    clock = re.fullmatch(r"(\d{1,4}):([0-5]\d)", text)
    if clock:
        return 60 * int(clock[1]) + int(clock[2])
    found = _LENGTH.fullmatch(text)
    if not found or not (found["hours"] or found["minutes"]):
        raise ValueError(f"{said!r} is no length of time.")
    hours = float((found["hours"] or "0").replace(",", "."))
    return round(60 * hours) + int(found["minutes"] or 0)


def length_said(minutes: int | None) -> str:
    """Minutes as a person would write them into the form."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)s h") % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(_("%(n)s min") % {"n": rest})
    return " ".join(parts)


class LengthField(forms.CharField):
    """A length of time in words; None when it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return minutes_of(said)
        except ValueError as problem:
            raise ValidationError(_("Write it like 45 min, 2 h or 1 h 30 min.")) from problem


class ClockField(forms.TimeField):
    """A time of the day."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class HoursForm(forms.Form):
    """Opening hours: three blocks for each day of the week, and the days that are different."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    always = forms.BooleanField(label=gettext_lazy("Day and night, holidays too"), required=False)
    other_days = forms.CharField(
        label=gettext_lazy("Days that are different"), required=False, max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One day a line: 2026-12-25 for closed, 2026-12-24 09:00-12:30 for other hours."),
    )  # fmt: skip
    suggested = forms.MultipleChoiceField(
        label=gettext_lazy("Public holidays to add, as closed"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, last: WorkCalendarVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))  # fmt: skip
        self.fields["zone"].choices = [(name, name) for name in [*zones, "UTC"]]  # type: ignore[attr-defined]
        week = last.week if last else [[[540, 1020]]] * 5 + [[], []]
        for day, block, name in _cells():
            label = _("%(day)s, block %(n)s") % {"day": WEEKDAYS[day], "n": block + 1}
            told = week[day][block] if day < len(week) and block < len(week[day]) else (None, None)
            for end, place, word in (("from", 0, _("from")), ("until", 1, _("until"))):
                self.fields[f"{name}_{end}"] = ClockField(
                    label=f"{label}, {word}", required=False, initial=_clock(told[place])
                )
        known = set(last.holidays) if last else set()
        self.fields["suggested"].choices = [  # type: ignore[attr-defined]
            (one.on.isoformat(), f"{date_format(one.on, 'D j F Y')}, {one.name} ({', '.join(one.countries)})")
            for one in holidays.suggested(timezone.localdate())
            if one.on.isoformat() not in known
        ]  # fmt: skip
        self.initial = {
            "name": last.calendar.name if last else "",
            "zone": last.zone if last else settings.TIME_ZONE,
            "always": last.always if last else False,
            "other_days": "\n".join(_lines(last.holidays)) if last else "",
        } | dict(self.initial)

    def rows(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """The grid: each day with its pairs of fields."""
        return [
            (
                str(WEEKDAYS[day]),
                [(self[f"day{day}_{n}_from"], self[f"day{day}_{n}_until"]) for n in range(BLOCKS)],
            )
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        week = [self._day(day, told) for day in range(7)]
        days = self._other_days(told.get("other_days") or "")
        for one in told.get("suggested") or ():
            days.setdefault(date.fromisoformat(one), ())
        if len(days) > MOST_HOLIDAYS:
            self.add_error("other_days", _("These are more days than a calendar holds."))
        if not self.errors and not told.get("always") and not any(week):
            self.add_error(None, _("Name at least one block of working time."))
        return told | {"week": week, "holidays": days}

    def told(self) -> dict[str, Any]:
        """What the action asks."""
        asked = ("name", "zone", "week", "holidays", "always")
        return {name: self.cleaned_data[name] for name in asked}

    def _day(self, day: int, told: dict[str, Any]) -> list[Block]:
        found: list[Block] = []
        for block in range(BLOCKS):
            name = f"day{day}_{block}"
            since, until = told.get(f"{name}_from"), told.get(f"{name}_until")
            if since is None and until is None:
                continue
            if since is None or until is None:
                self.add_error(f"{name}_until", _("A block has two ends."))
                continue
            ends = _minutes(since), _minutes(until) or DAY  # until 00:00 is the end of the day
            if ends[0] >= ends[1] or (found and ends[0] < found[-1][1]):
                self.add_error(f"{name}_until", _("Blocks follow each other within a day; one past midnight goes on the next day."))  # fmt: skip
                continue
            found.append(ends)
        return found

    def _other_days(self, said: str) -> dict[date, Sequence[Block]]:
        found: dict[date, Sequence[Block]] = {}
        for line in filter(None, (line.strip() for line in said.splitlines())):
            match = re.fullmatch(r"(\d{4}-\d\d-\d\d)((?:[ ,]+\d{1,2}:\d\d ?[-–] ?\d{1,2}:\d\d)*)", line)  # fmt: skip
            try:
                if match is None:
                    raise ValueError(line)
                on = date.fromisoformat(match[1])
                pairs = re.findall(r"(\d{1,2}:\d\d) ?[-–] ?(\d{1,2}:\d\d)", match[2])
                found[on] = tuple((_read(since), _read(until) or DAY) for since, until in pairs)
                last = 0
                for since, until in found[on]:
                    if not last <= since < until <= DAY:
                        raise ValueError(line)
                    last = until
            except ValueError:
                self.add_error("other_days", _("“%(line)s” is no day with hours.") % {"line": line[:60]})  # fmt: skip
        return found


class PromiseForm(forms.Form):
    """What is promised, and for which cases."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    first_minutes = LengthField(
        label=gettext_lazy("First reply within"),
        help_text=gettext_lazy("Like 45 min, 2 h or 1 h 30 min. Empty: nothing is promised."),
    )
    next_minutes = LengthField(label=gettext_lazy("Each next reply within"))
    resolution_minutes = LengthField(label=gettext_lazy("Solved within"))
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Counted by"), queryset=WorkCalendar.objects.none(), required=False,
        empty_label=gettext_lazy("the clock: day and night"),
    )  # fmt: skip
    network = forms.MultipleChoiceField(
        label=gettext_lazy("Networks"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen: any."),
    )  # fmt: skip
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Public or private"), required=False, choices=Case.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    intent = forms.MultipleChoiceField(
        label=gettext_lazy("What they want"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=(
            ("question", pgettext_lazy("intent", "question")),
            ("complaint", pgettext_lazy("intent", "complaint")),
            ("praise", pgettext_lazy("intent", "praise")),
            ("other", pgettext_lazy("intent", "something else")),
        ),
    )  # fmt: skip
    priority = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Priority"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
        choices=(
            (1, pgettext_lazy("priority", "first")),
            (0, pgettext_lazy("priority", "usual")),
            (-1, pgettext_lazy("priority", "last")),
        ),
    )  # fmt: skip
    team = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Teams"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    place = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=1, max_value=999, initial=10,
        help_text=gettext_lazy("Of several that fit a case the lowest number counts."),
    )  # fmt: skip

    def __init__(self, *args: Any, last: TargetPolicyVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].queryset = queries.calendars_to_choose()  # type: ignore[attr-defined]
        self.fields["network"].choices = network_choices()  # type: ignore[attr-defined]
        teams = Team.objects.filter(ended_on=None).order_by("name")
        self.fields["team"].choices = [(one.pk, one.name) for one in teams]  # type: ignore[attr-defined]
        if last is not None:
            self.initial = {
                "name": last.policy.name, "place": last.place, "calendar": last.calendar_id,
                **{name: length_said(getattr(last, name)) for name in TIMES},
                **last.matches,
            }  # fmt: skip

    def told(self) -> dict[str, Any]:
        """What the action asks."""
        asked = ("name", "place", "calendar", *TIMES)
        matches = {name: self.cleaned_data[name] for name in queries.CONDITIONS}
        return {name: self.cleaned_data[name] for name in asked} | {"matches": matches}


TIMES = ("first_minutes", "next_minutes", "resolution_minutes")


def _cells() -> Iterator[tuple[int, int, str]]:
    for day in range(7):
        for block in range(BLOCKS):
            yield day, block, f"day{day}_{block}"


def _clock(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes % DAY // 60, minutes % 60)


def _minutes(clock: time) -> int:
    return 60 * clock.hour + clock.minute


def _read(clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    if hours > 24 or minutes > 59:
        raise ValueError(clock)
    return 60 * hours + minutes


def _said(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _lines(days: dict[str, Any]) -> Iterator[str]:
    for day, blocks in sorted(days.items()):
        hours = " ".join(f"{_said(since)}-{_said(until)}" for since, until in blocks)
        yield f"{day} {hours}".strip()
