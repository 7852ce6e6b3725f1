"""The shape of what the register asks: of a source that begins, of one that is here, of the company."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person
from openroads.listening.keeping.forms import AS_HOUSE, USUAL, months_words
from openroads.listening.keeping.queries import house_rule
from openroads.listening.models import Controller, Entry
from openroads.listening.register.grounds import Grounds
from openroads.listening.register.queries import Registered, owners

LONGEST = 2_000
STEPS = (
    ("interest", _("1. The interest"), _("Whose interest is it, and what is it for? It must be real, lawful and said plainly.")),
    ("necessity", _("2. The necessity"), _("Why can it not be done with less: fewer posts, fewer networks, no names?")),
    ("balance", _("3. The balance"), _("Why does it weigh more than the interests of those who wrote? What do they expect, what do you do to spare them?")),
)  # fmt: skip
GROUNDS = ("basis", "interest", "necessity", "balance", "owner", "keep_months")


def add_grounds(form: forms.Form, by: Person | None) -> None:
    """Put what the register asks of a new source behind the other fields of a form."""
    form.fields["basis"] = forms.ChoiceField(
        label=_("Legal basis"), choices=Entry.Basis.choices, initial=Entry.Basis.INTEREST,
        required=False,
        help_text=_("Article 6(1) of the GDPR. For listening in public it is nearly always legitimate interest, and then the three steps below are written down."),
    )  # fmt: skip
    _add_steps(form)
    form.fields["owner"] = forms.ModelChoiceField(
        owners(), label=_("Who answers for it"), required=False, empty_label=_("who adds it"),
        initial=by,
    )  # fmt: skip
    form.fields["keep_months"] = _keep_field(None)


def grounds_of(form: forms.Form) -> Grounds:
    """What was said of them."""
    told = form.cleaned_data
    return Grounds(
        basis=told.get("basis") or Entry.Basis.INTEREST,
        interest=told.get("interest", ""),
        necessity=told.get("necessity", ""),
        balance=told.get("balance", ""),
        owner=told.get("owner"),
        keep_months=_months(told.get("keep_months", "")),
    )


def without_grounds(told: dict[str, Any]) -> dict[str, Any]:
    """What else was said."""
    return {name: value for name, value in told.items() if name not in GROUNDS}


class EntryForm(forms.Form):
    """What the register says of one source."""

    purpose = forms.CharField(
        label=_("Why we listen here"), max_length=200, required=False,
        help_text=_("One sentence; it stands in the register of what is processed."),
    )  # fmt: skip

    def __init__(self, data: Any, row: Registered, *, may_set_keeping: bool) -> None:
        entry = row.entry or Entry()
        names = ("basis", *(name for name, _label, _help in STEPS), "people", "kinds", "recipients")
        initial = {name: getattr(entry, name) for name in names}
        super().__init__(data, initial=initial | {"purpose": row.source.purpose, "owner": entry.owner})  # fmt: skip
        self.fields["basis"] = forms.ChoiceField(
            label=_("Legal basis"), choices=[("", _("not said yet")), *Entry.Basis.choices], required=False,
            help_text=_("Article 6(1) of the GDPR. For listening in public it is nearly always legitimate interest, and then the three steps below are written down."),
        )  # fmt: skip
        _add_steps(self)
        self.fields["owner"] = forms.ModelChoiceField(
            owners(), label=_("Who answers for it"), required=False, empty_label=_("nobody yet")
        )
        if may_set_keeping and row.is_personal:
            months = row.source.keep_months
            self.fields["keep_months"] = _keep_field(months)
            self.fields["keep_months"].initial = AS_HOUSE if months is None else str(months)
        for name, label, usual in (
            ("people", _("Whose data"), Registered(row.source, None, 0, ()).people),
            ("kinds", _("Which data"), Registered(row.source, None, 0, ()).kinds),
            ("recipients", _("Who receives it"), Registered(row.source, None, 0, ()).recipients),
        ):
            self.fields[name] = forms.CharField(
                label=label, max_length=300, required=False,
                help_text=gettext("Empty: as usual (%(usual)s).") % {"usual": usual},
            )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        told = dict(self.cleaned_data)
        if "keep_months" in told:
            told["keep_months"] = _months(told["keep_months"])
        return told


class ControllerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who answers for all of it, and how it is kept safe."""

    class Meta:
        model = Controller
        fields = ("contact", "address", "officer", "stored", "processors", "security")
        widgets = {"security": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "contact": _("Shown on the public notice; people write here about their data."),
            "officer": _("Name or mail address, if you have one."),
            "stored": _("For instance: on our own server in Amsterdam."),
            "processors": _("Hosting companies and others who process for you; empty: none."),
            "security": _("Empty: what the house does by itself. What you write stands beside it."),
        }


def _add_steps(form: forms.Form) -> None:
    for name, label, help_text in STEPS:
        form.fields[name] = forms.CharField(
            label=label, help_text=help_text, max_length=LONGEST, required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip


def _keep_field(now: int | None) -> forms.ChoiceField:
    lengths = sorted({*USUAL, *([now] if now else [])})
    usual = gettext("as the house (%(months)s)") % {"months": months_words(house_rule().months)}
    choices = [(AS_HOUSE, usual), ("0", months_words(0)), *((str(n), months_words(n)) for n in lengths)]  # fmt: skip
    return forms.ChoiceField(label=_("How long posts are kept"), choices=choices, required=False)


def _months(told: str) -> int | None:
    return int(told) if told else None
