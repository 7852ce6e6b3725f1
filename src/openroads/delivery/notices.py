"""What people are told inside the house, and by mail where they must not miss it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from openroads.delivery.actions import post_mail
from openroads.delivery.models import Notice
from openroads.directory.models import Person
from openroads.directory.people import system_person


@transaction.atomic
def notify(
    *, to: Person, deed: str, title: str, url: str = "", text: str = "", mail: bool = False
) -> None:
    """Tell a person something, once for each `deed` ("insight 31 waits"), in the transaction at hand.

    `title` and `text` are in the reader's language (`openroads.delivery.notices.language_of`); `url` is
    a path of this house. With `mail` it goes to their mail too. Who may not sign in is told nothing.

    Raises ValueError for an address outside the house.
    """
    if url and not (url.startswith("/") and url_has_allowed_host_and_scheme(url, None)):
        raise ValueError(f"{url!r} is no path of this house.")
    if not to.is_active or to.is_system:
        return
    _notice, made = Notice.objects.get_or_create(
        to=to, deed=deed[:200], defaults={"title": title[:200], "text": text, "url": url[:500]}
    )
    if made and mail:
        link = f"{settings.OPENROADS.url.rstrip('/')}{url}" if url else ""
        post_mail(
            by=system_person(),
            deed=f"notice {deed[:150]} for {to.pk}",
            to=to.email,
            subject=title,
            text="\n\n".join(part for part in (text or title, link) if part),
        )


def take_out_of_notices(*, url: str) -> int:
    """Take the words, not the title, out of what people were told of a page: somebody was erased whom they
    may speak of. Returns of how many notices."""
    return Notice.objects.filter(url=url).exclude(text="").update(text="")


def language_of(person: Person) -> str:
    """The language to tell somebody something in: theirs, or that of the house."""
    return person.language or str(settings.LANGUAGE_CODE)


def see(*, by: Person, notice: Notice) -> None:
    """A person has seen one of theirs."""
    Notice.objects.filter(pk=notice.pk, to=by, seen_at=None).update(seen_at=timezone.now())


def see_all(*, by: Person, until: int) -> int:
    """A person has seen all of theirs up to the one numbered `until`: what came while they read stays."""
    mine = Notice.objects.filter(to=by, seen_at=None, pk__lte=until)
    return mine.update(seen_at=timezone.now())
