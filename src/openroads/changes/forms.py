"""The shape of what people tell about insights, decisions and changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.changes import queries
from openroads.changes.actions.deciding import NewChange
from openroads.changes.models import Change, Decision, Insight
from openroads.directory.models import Department, Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
"""A day as browsers ask for it, whatever the language of the page."""


class HandForm(forms.Form):
    """Which department, and who there."""

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=None
    )
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("Somebody of the department that has it."),
    )

    def __init__(self, *args: Any, insight: Insight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_to_choose()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = queries.people_of_departments()  # type: ignore[attr-defined]
        self.initial = {"department": insight.department_id, "owner": insight.owner_id}


class WithdrawForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Why"), max_length=300)


class JoinForm(forms.Form):
    """To which other insight."""

    into = forms.ModelChoiceField(
        label=_("Join it to"), queryset=Insight.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, person: Person, insight: Insight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.open_insights_for(person).exclude(pk=insight.pk)
        self.fields["into"].queryset = others.order_by("-number")  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Yes, no or later, because; and what each of the three needs besides."""

    answer = forms.ChoiceField(
        label=_("Your decision"), choices=Decision.Answer.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Because"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In words that whoever raised it may read."),
    )  # fmt: skip
    agreed = forms.CharField(
        label=_("Who agreed"), max_length=200, required=False,
        help_text=_("Others whose word it took: “Product and Service agreed”."),
    )  # fmt: skip
    title = forms.CharField(label=_("What will change, in a few words"), max_length=200, required=False)  # fmt: skip
    about = forms.CharField(label=_("Which products"), max_length=120, required=False)
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"), queryset=Person.objects.none(), required=False,
        empty_label=_("choose a person"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Live on or before"), required=False, widget=DAY)
    cost_ceiling = forms.DecimalField(
        label=_("May cost at most, in euros"), required=False, min_value=0, max_digits=12, decimal_places=2,
    )  # fmt: skip
    tracker_url = forms.URLField(
        label=_("Where the work is followed"), max_length=500, required=False, assume_scheme="https",
        help_text=_("The address of the issue in the tracker you use."),
    )  # fmt: skip
    tracker_key = forms.CharField(label=_("Its key there"), max_length=80, required=False)
    back_on = forms.DateField(label=_("Comes back on"), required=False, widget=DAY)

    FOR_YES = ("title", "about", "owner", "due_on", "cost_ceiling", "tracker_url", "tracker_key")

    def __init__(self, *args: Any, insight: Insight, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.makers_to_choose()  # type: ignore[attr-defined]
        self.initial = {"title": insight.title, "owner": insight.owner_id or person.pk}

    def new_change(self) -> NewChange | None:
        """The change of a yes; None, with the fault noted, where something of it is missing."""
        told = self.cleaned_data
        missing = [name for name in ("title", "owner", "due_on") if not told.get(name)]
        for name in missing:
            self.add_error(name, _("A yes needs this."))
        if missing:
            return None
        return NewChange(
            told["title"], told["owner"], told["due_on"], told["about"], told["tracker_url"],
            told["tracker_key"],
        )  # fmt: skip


class DelegateForm(forms.Form):
    """Who decides too, and how long."""

    person = forms.ModelChoiceField(
        label=_("Who decides too"), queryset=Person.objects.none(), empty_label=_("choose a person")
    )
    until = forms.DateField(label=_("Up to and with"), widget=DAY)

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = queries.delegates_to_choose(department)  # type: ignore[attr-defined]


class CorrectForm(forms.Form):
    """What it is called, whose it is, and where the work is followed."""

    title = forms.CharField(label=_("What will change, in a few words"), max_length=200)
    about = forms.CharField(label=_("Which products"), max_length=120, required=False)
    owner = forms.ModelChoiceField(label=_("Who sees to it"), queryset=Person.objects.none())
    tracker_url = forms.URLField(
        label=_("Where the work is followed"), max_length=500, required=False, assume_scheme="https"
    )
    tracker_key = forms.CharField(label=_("Its key there"), max_length=80, required=False)

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.makers_to_choose()  # type: ignore[attr-defined]
        self.initial = {
            "title": change.title, "about": change.about, "owner": change.owner_id,
            "tracker_url": change.tracker_url, "tracker_key": change.tracker_key,
        }  # fmt: skip


class PostponeForm(forms.Form):
    """Another day, and why."""

    due_on = forms.DateField(label=_("Live on or before"), widget=DAY)
    why = forms.CharField(label=_("Why"), max_length=300)


class LiveForm(forms.Form):
    """Since when, what is different, by what anybody can see it, and what it cost."""

    live_on = forms.DateField(label=_("Live since"), widget=DAY)
    what = forms.CharField(
        label=_("What is different now"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As you would tell it to who raised it."),
    )  # fmt: skip
    proof = forms.CharField(
        label=_("Proof"), max_length=200,
        help_text=_("By what anybody can see it: a bulletin, a release, a photo."),
    )  # fmt: skip
    proof_url = forms.URLField(
        label=_("Where the proof is"), max_length=500, required=False, assume_scheme="https"
    )
    cost = forms.DecimalField(
        label=_("What it cost, in euros"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("Leave it empty when nobody knows: unknown is not zero."),
    )  # fmt: skip
    cost_what = forms.CharField(
        label=_("What it was spent on"),
        max_length=120,
        required=False,
        help_text=_("“1,140 swaps”"),
    )


class YieldForm(forms.Form):
    """What it brings in a month: at least, probably, at most; and how that is known."""

    low = forms.DecimalField(label=_("At least, euros a month"), max_digits=12, decimal_places=2, required=False)  # fmt: skip
    base = forms.DecimalField(label=_("Probably, euros a month"), max_digits=12, decimal_places=2, required=False)  # fmt: skip
    high = forms.DecimalField(label=_("At most, euros a month"), max_digits=12, decimal_places=2, required=False)  # fmt: skip
    what = forms.CharField(
        label=_("In what"),
        max_length=120,
        required=False,
        help_text=_("“warranty swaps not needed”"),
    )
    level = forms.ChoiceField(
        label=_("How it is known"),
        choices=[("", _("not said")), *Change.Level.choices],
        required=False,
    )
    by = forms.CharField(label=_("Who counted it"), max_length=80, required=False)

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("low", "base", "high", "what", "level", "by")
        self.initial = {name: getattr(change, f"yield_{name}") for name in names}


class PublishForm(forms.Form):
    """The same in both languages; nobody is named in it."""

    said_en = forms.CharField(label=_("You said, in English"), max_length=200)
    said_nl = forms.CharField(label=_("You said, in Dutch"), max_length=200)
    did_en = forms.CharField(label=_("Our answer, in English"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    did_nl = forms.CharField(label=_("Our answer, in Dutch"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


class TrackerForm(forms.Form):
    """Which tracker."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is: the tracker of Product."))  # fmt: skip


class TellingForm(forms.Form):
    """One text for each language, and where they can read more."""

    nl = forms.CharField(
        label=_("In Dutch"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    en = forms.CharField(
        label=_("In English"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("{name} becomes the name of each, {change} what is different now, {link} the link below. Who wrote in another language gets the English one."),
    )  # fmt: skip
    link = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")


class DraftForm(forms.Form):
    """What goes to one person."""

    text = forms.CharField(label=_("Your message"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}))  # fmt: skip
