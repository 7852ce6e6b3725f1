"""The shape of how long things are kept: a choice for the house, one per source."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.listening.keeping.models import Keeping
from openroads.listening.keeping.queries import KeptElsewhere, KeptSource
from openroads.ui.formats import number

USUAL = (1, 3, 6, 12, 18, 24, 36, 60, 84, 120)
AS_HOUSE = ""


def months_words(months: int) -> str:
    """A length of time as people say it: years where they are whole."""
    if not months:
        return _("for good")
    if months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": number(months // 12)}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": number(months)}


def _choices(now: int | None) -> list[tuple[str, str]]:
    lengths = sorted({*USUAL, *([now] if now else [])})
    return [("0", months_words(0)), *((str(each), months_words(each)) for each in lengths)]


class KeepingForm(forms.Form):
    """One field for the house, `source-N` for each source, and `kept-NAME` for each thing of other rooms."""

    house = forms.ChoiceField()

    def __init__(
        self,
        data: Any,
        house: Keeping,
        rows: Iterable[KeptSource],
        others: Iterable[KeptElsewhere] = (),
    ) -> None:
        super().__init__(data)
        self._rows, self._others = list(rows), list(others)
        field = self.fields["house"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.initial = _("Keep posts"), str(house.months)
        field.choices = _choices(house.months)
        field.help_text = _("Where a source below says nothing else.")
        usual = (AS_HOUSE, _("as the house (%(months)s)") % {"months": months_words(house.months)})
        for row in self._rows:
            months = row.source.keep_months
            self.fields[f"source-{row.source.pk}"] = forms.ChoiceField(
                choices=[usual, *_choices(months)], required=False,
                initial=AS_HOUSE if months is None else str(months),
                widget=forms.Select(attrs={"aria-label": _("Keep posts of %(name)s") % {"name": row.source.name}}),
            )  # fmt: skip

        for other in self._others:
            self.fields[f"kept-{other.kept.name}"] = forms.ChoiceField(
                choices=_choices(other.months), required=False, initial=str(other.months),
                label=str(other.kept.label), help_text=str(other.kept.goes),
            )  # fmt: skip

    def others(self) -> Iterator[tuple[KeptElsewhere, Any]]:
        """Each thing of another room with its field."""
        for other in self._others:
            yield other, self[f"kept-{other.kept.name}"]

    def rows(self) -> Iterator[tuple[KeptSource, Any]]:
        """Each source with its field."""
        for row in self._rows:
            yield row, self[f"source-{row.source.pk}"]

    def months(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        told = self.cleaned_data
        chosen = {row.source.pk: told[f"source-{row.source.pk}"] for row in self._rows}
        return {
            "house": int(told["house"]),
            "sources": {pk: int(months) if months else None for pk, months in chosen.items()},
            # What was not asked stays: a page of before knew nothing of it.
            "others": {
                other.kept.name: int(months)
                for other in self._others
                if (months := told.get(f"kept-{other.kept.name}"))
            },
        }
