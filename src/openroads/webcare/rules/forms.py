"""The shape of a rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory.known_topics import known_topics
from openroads.ui.networks import network_choices
from openroads.webcare import queries
from openroads.webcare.rules.models import Rule
from openroads.webcare.rules.topics import topic_words

DAYS = (
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")),
    (6, _("Saturday")), (7, _("Sunday")),
)  # fmt: skip
KINDS = (
    ("question", _("question")), ("complaint", _("complaint")), ("praise", _("praise")), ("other", _("other")),
)  # fmt: skip
MOODS = ((-1, _("negative")), (0, _("neutral")), (1, _("positive")), (-128, _("unknown")))
LANGUAGES = (
    ("nl", _("Dutch")),
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("und", _("unknown")),
)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a rule is about, and what it does."""

    networks = forms.MultipleChoiceField(
        label=_("Networks"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every network."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.TypedMultipleChoiceField(
        label=_("Is about the topic"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("One of these. None chosen: about anything."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), required=False, choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    moods = forms.TypedMultipleChoiceField(
        label=_("Tone"),
        required=False,
        choices=MOODS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        required=False,
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", _("not decided here")), (1, _("first")), (0, _("usual")), (-1, _("last"))],
    )  # fmt: skip

    class Meta:
        model = Rule
        fields = (
            "name", "position", "is_on", "addressed", "query", "topics", "kinds", "moods", "networks", "languages",
            "history", "sender", "days", "from_time", "to_time", "does", "priority", "team", "assignee", "needs_approval",
        )  # fmt: skip
        widgets = {
            "query": forms.Textarea(attrs={"rows": 2}),
            "from_time": forms.TimeInput(attrs={"type": "time"}),
            "to_time": forms.TimeInput(attrs={"type": "time"}),
        }
        help_texts = {"query": _("As everywhere: words, AND, OR, NOT, phrases, NEAR.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_topics()
        networks: Any = self.fields["networks"]
        networks.choices = network_choices()
        team, person = self.fields["team"], self.fields["assignee"]
        team.queryset = queries.teams_to_choose()  # type: ignore[attr-defined]
        team.empty_label = _("not decided here")  # type: ignore[attr-defined]
        person.queryset = queries.colleagues_to_choose()  # type: ignore[attr-defined]
        person.empty_label = _("not decided here")  # type: ignore[attr-defined]

    def _offer_topics(self) -> None:
        """Every topic in use, and those the rule asks for already, whatever became of them."""
        topics: Any = self.fields["topics"]
        asked: list[tuple[int, str]] = self.instance.topics
        known = known_topics()
        offered = [(number, topic.name) for number, topic in known.items() if topic.in_use]
        gone = [(number, topic_words(number, called, known)) for number, called in asked if number not in dict(offered)]  # fmt: skip
        topics.choices = [*offered, *gone]
        self.initial["topics"] = [number for number, _called in asked]
        if not topics.choices:
            topics.help_text = _("There are no topics yet; listeners define them.")
