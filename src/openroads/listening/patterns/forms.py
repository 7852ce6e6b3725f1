"""The shape of a rule of who is alerted to what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openroads.directory import queries as directory
from openroads.directory.models import Person, Team
from openroads.listening.patterns import policy
from openroads.listening.patterns.saying import about
from openroads.listening.patterns.series import Watched


class RuleForm(forms.Form):
    """Which series, from what size, and how it is told. Who may alert teams also chooses whom, and
    whether webhooks are told."""

    team: Any = forms.ModelChoiceField(
        label=_("Who is alerted"), queryset=Team.objects.none(), required=False,
        empty_label=_("only I"),
    )  # fmt: skip
    series: Any = forms.ChoiceField(label=_("To what"), required=False)
    least = forms.IntegerField(
        label=_("From how many posts"), min_value=1, max_value=100_000, initial=10,
        help_text=_("Smaller patterns are on the page, and tell nobody."),
    )  # fmt: skip
    mail = forms.BooleanField(label=_("By mail too"), required=False)
    hook = forms.BooleanField(
        label=_("Tell the webhooks"), required=False,
        help_text=_("Every address that asked for “alert.raised” in the settings."),
    )  # fmt: skip
    quiet_from = forms.TimeField(
        label=_("Silent from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By the clock of the house. What begins meanwhile is told afterwards."),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=_("Silent until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )  # fmt: skip

    def __init__(
        self, *args: Any, person: Person, watched: list[Watched], made: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choices: list[tuple[str, Any]] = [("", _("anything"))]
        choices += [(one.key, about(one.what, one.name)) for one in watched]
        self.fields["series"].choices = choices  # type: ignore[attr-defined]
        if policy.may_alert_teams(person):
            self.fields["team"].queryset = directory.teams()  # type: ignore[attr-defined]
        else:
            del self.fields["team"], self.fields["hook"]
        if made:
            self.fields.pop("team", None)

    def told(self) -> dict[str, Any]:
        """What the action is told; what was not asked is as it was."""
        return {"hook": False, **self.cleaned_data}
