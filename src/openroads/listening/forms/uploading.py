"""A file that is brought with a browser: no larger than the house takes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openroads.directory.queries import brands_looked_for
from openroads.listening import uploads


class BoundedFile(forms.FileField):
    """A file that is no larger than the house takes, and says so before it is sent."""

    def __init__(self, *, what: Any, most: int | None = None, **kwargs: Any) -> None:
        """`what` is the hint; `most` a limit below that of the house, in bytes."""
        super().__init__(**kwargs)
        self._what, self._most = what, most

    def limit(self) -> int:
        return min(self._most or uploads.largest(), uploads.largest())

    def _refusal(self, size: int | None) -> str:
        told = uploads.too_large_words(size, self.limit())
        return told if self._most else f"{told} {uploads.way_on_words()}"

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """The field of one form, with the limit as it is now."""
        most = self.limit()
        words = uploads.limit_words() if most == uploads.largest() else uploads.at_most_words(most)
        self.help_text = f"{self._what} {words}"
        self.widget.attrs |= {"data-most": str(most), "data-too-large": self._refusal(None)}
        return super().get_bound_field(form, field_name)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > self.limit():
            raise ValidationError(self._refusal(file.size))
        return file


class UploadForm(forms.Form):
    """A file with what customers say."""

    file = BoundedFile(
        label=_("File"),
        what=_(
            "CSV, TSV, Excel (.xlsx), JSON Lines or a Zeeschuimer export. "
            "You see how it is read before anything is stored."
        ),
    )
    brand = forms.ModelChoiceField(
        brands_looked_for(),
        required=False,
        label=_("About which brand"),
        empty_label=_("the text itself tells"),
        help_text=_(
            "Choose it when every post in the file is about it, such as reviews of your shop. "
            "Else a post counts for the brands it names."
        ),
    )
