"""What the room of webcare adds to the road and to the palette."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.directory.models import Person
from openroads.ui.road import Command, Page, Way
from openroads.webcare import policy, queries
from openroads.webcare.approach.policy import may_read_approach
from openroads.webcare.help.policy import may_see_articles
from openroads.webcare.saved.policy import may_see_replies


def ways(person: Person, path: str) -> list[Way]:
    """The way Answer; its count is the cases that wait for an answer by this person."""
    pages = _pages(person, path)
    if not pages:
        return []
    count = queries.waiting_for(person) if policy.may_answer(person) else 0
    return [
        Way(
            label=pgettext("way", "Answer"),
            url=pages[0].url,
            current=path.startswith("/answer/"),
            count=count or None,
            pages=pages,
            key="a",
        )
    ]


def commands(person: Person) -> list[Command]:
    """Deeds of this room, for the palette."""
    hint = pgettext("way", "Answer")
    found = [Command(page.label, page.url, hint) for page in _pages(person, "")]
    if may_read_approach(person) and not policy.may_see_figures(person):
        # Everybody who works here may read it, without the whole way on their road.
        found.append(Command(_("How we answer"), reverse("webcare:approaches"), hint))
    return found


def _pages(person: Person, path: str) -> list[Page]:
    """The pages under the way, for what this person may open."""
    pages = []
    if policy.may_answer(person):
        url = reverse("webcare:inbox")
        here = path.startswith((url, "/answer/cases/", "/answer/people/", "/answer/take/"))
        pages.append(Page(_("Inbox"), url, current=here))
    if policy.may_see_figures(person):
        url = reverse("webcare:figures")
        pages.append(Page(_("Contact moments"), url, current=path.startswith(url)))
    if policy.may_answer(person) or policy.may_lead(person):
        url = reverse("webcare:rules")
        pages.append(Page(_("Rules"), url, current=path.startswith(url)))
    for may, label, name in (
        (policy.may_answer, _("Asked of colleagues"), "questions"),
        (may_see_articles, _("Articles"), "articles"),
        (may_see_replies, _("Saved replies"), "saved_replies"),
        (policy.may_see_figures, _("How we answer"), "approaches"),
    ):
        if may(person):
            url = reverse(f"webcare:{name}")
            pages.append(Page(label, url, current=path.startswith(url)))
    if policy.may_lead(person):
        url = reverse("webcare:service_times")
        here = path.startswith((url, reverse("webcare:satisfaction")))
        pages.append(Page(_("Service times"), url, current=here))
    return pages
