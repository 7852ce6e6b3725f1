"""The shape of an approach, of a question to a colleague, of their answer, and of the mailbox."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Department, Person
from openroads.webcare.approach import queries
from openroads.webcare.approach.actions.rows import FIELDS
from openroads.webcare.approach.models import AnswerMailbox, Approach


def in_two_days(today: date) -> date:
    """The second working day from now."""
    day, left = today, 2
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


class ApproachForm(forms.Form):
    """All of an approach."""

    name = forms.CharField(label=_("Kind of question or complaint"), max_length=120)
    people = forms.CharField(
        label=_("Of whom"),
        max_length=120,
        help_text=_("Customers, journalists, neighbours, suppliers…"),
    )
    intent = forms.ChoiceField(
        label=_("Kind of post"), choices=Approach.Intent.choices, required=False
    )
    words = forms.CharField(
        label=_("Words it is known by"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Separated by commas, in every language people write; a case goes by the approach most of whose words are in it."),
    )  # fmt: skip
    department = forms.ModelChoiceField(
        label=_("Department that owns it"), queryset=Department.objects.none(), required=False,
        empty_label=_("none"),
    )  # fmt: skip
    role = forms.CharField(label=_("Who there"), max_length=120, required=False)
    steps = forms.CharField(
        label=_("Steps"), max_length=3_000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, in their order."),
    )  # fmt: skip
    tone = forms.CharField(label=_("Tone of voice"), max_length=300, required=False)
    legal = forms.CharField(
        label=_("Legal notes"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What must or must not be said. Everybody who works here reads it."),
    )  # fmt: skip
    target = forms.CharField(label=_("Target in words"), max_length=200, required=False)
    minutes = forms.IntegerField(
        label=_("First answer within minutes"), min_value=1, max_value=100_000, required=False,
        help_text=_("By the clock on the wall. Without it no share in time is counted."),
    )  # fmt: skip

    def __init__(self, *args: Any, approach: Approach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_to_choose()  # type: ignore[attr-defined]
        if approach is not None:
            self.initial = {name: getattr(approach, name) for name in FIELDS} | {"department": approach.department_id}  # fmt: skip


class PlaceForm(forms.Form):
    """By which approach a case is answered."""

    approach = forms.ModelChoiceField(
        label=_("Approach"), queryset=Approach.objects.none(), required=False,
        empty_label=_("none of these"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approach"].queryset = queries.in_force()  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Whom, what, and by when."""

    to = forms.ModelChoiceField(
        label=_("Colleague"), queryset=Person.objects.none(), required=False,
        empty_label=_("somebody else, by mail address"),
    )  # fmt: skip
    address = forms.EmailField(
        label=_("Or a mail address of our company"), max_length=254, required=False,
        help_text=_("For a colleague, a shop or a mailbox that nobody signs in with."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Question"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They read these words and nothing else. Leave out who the customer is, unless they need it."),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("Answer by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("They are reminded on that day, and twice after. Within two weeks."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = queries.colleagues_to_ask()  # type: ignore[attr-defined]
        self.initial = {"due_on": in_two_days(timezone.localdate())} | (kwargs.get("initial") or {})


class AnswerForm(forms.Form):
    """What a colleague says."""

    text = forms.CharField(
        label=_("Your answer"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Your colleague reads it and writes to the customer; it is not sent on as it is."),
    )  # fmt: skip


class MailboxForm(forms.Form):
    """The mailbox of colleagues' answers."""

    is_on = forms.BooleanField(
        label=_("Read answers that come by mail"), required=False, initial=True
    )
    address = forms.EmailField(
        label=_("Mail address of the mailbox"), max_length=254,
        help_text=_("Mail to this address with +something before the @ must arrive there too."),
    )  # fmt: skip
    server = forms.CharField(
        label=_("IMAP server"), max_length=200,
        help_text=_("For instance imap.example.org; always encrypted: on port 993, or by STARTTLS on another, such as :143 behind the name."),
    )  # fmt: skip
    user = forms.CharField(label=_("User name"), max_length=200)
    password = forms.CharField(
        label=_("App password"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown. Empty: the one there is."),
    )  # fmt: skip
    folder = forms.CharField(label=_("Folder"), max_length=80, initial="INBOX")

    def __init__(self, *args: Any, mailbox: AnswerMailbox | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mailbox is not None:
            names = ("is_on", "address", "server", "user", "folder")
            self.initial = {name: getattr(mailbox, name) for name in names}
