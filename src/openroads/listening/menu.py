"""What the listening room adds to the road and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.culture import policy as culture
from openroads.listening.labels import policy as labels
from openroads.ui.road import Command, Page, Way


def ways(person: Person, path: str) -> list[Way]:
    """The way Listen with the pages this person may open; empty for who may open none."""
    if not policy.may_read_conversations(person):
        return []
    pages = [
        (_("Explore"), reverse("listening:explore")),
        (_("Topics"), reverse("listening:topics")),
        (_("Themes"), reverse("themes:themes")),
        (_("Brand gap"), reverse("listening:gap")),
        (_("Patterns"), reverse("patterns:patterns")),
        (_("Reputation"), reverse("reputation:reputation")),
        (_("Signals"), reverse("signals:signals")),
        (_("Sources"), reverse("listening:sources")),
        (_("Our own texts"), reverse("listening:texts")),
        (_("Subscriptions"), reverse("culture:subscriptions")),
        (_("Listening hours"), reverse("culture:hours")),
        (_("How well we read"), reverse("labels:report")),
    ]
    if policy.may_import(person):
        pages.insert(7, (_("Imports"), reverse("listening:imports")))
    if culture.may_see_reach(person):
        pages.append((_("How far it reaches"), reverse("culture:reach")))
    return [
        Way(
            label=_("Listen"),
            url=reverse("listening:gap"),
            current=path.startswith("/listen/"),
            pages=[Page(label, url, current=path.startswith(url)) for label, url in pages],
            key="l",
        )
    ]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    read = []
    if labels.may_label(person):
        read = [Command(_("Read posts for five minutes"), reverse("labels:read"), _("Listen"))]
    if policy.may_read_conversations(person):
        read += [
            Command(_("Plan a listening hour"), reverse("culture:hours"), _("Listen")),
            Command(_("What I subscribe to"), reverse("culture:subscriptions"), _("Listen")),
        ]
    if not policy.may_import(person):
        return read
    return [
        *read,
        Command(_("Define a topic"), reverse("listening:add_topic"), _("Listen")),
        Command(_("Import a file"), reverse("listening:imports"), _("Listen")),
        Command(_("Follow a feed"), reverse("listening:add_feed"), _("Listen")),
        Command(_("Let posts be pushed"), reverse("pushed:add"), _("Listen")),
        Command(_("Read our own website"), reverse("listening:add_site"), _("Listen")),
        Command(_("Add our own texts"), reverse("listening:add_texts"), _("Listen")),
    ]
