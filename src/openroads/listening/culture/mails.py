"""A digest as a mail: text and HTML, the way out in the header and at the foot."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse

from openroads.directory.models import Person
from openroads.listening.culture.digests import DigestText
from openroads.listening.culture.models import Digest, Subscription

SALT = "openroads.listening.unsubscribe"


@dataclass(frozen=True)
class Mail:
    """Everything the out-tray needs."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def token_of(subscription: Subscription, person: Person) -> str:
    """What lets one person leave one subscription, without signing in."""
    return signing.dumps([subscription.pk, person.pk], salt=SALT)


def read_token(token: str) -> tuple[int, int] | None:
    """Subscription and person of a token of ours; None for any other."""
    try:
        subscription, person = signing.loads(token, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(subscription), int(person)


def leave_url(subscription: Subscription, person: Person) -> str:
    """The whole address of the way out."""
    path = reverse("culture:leave", args=[token_of(subscription, person)])
    return f"{settings.OPENROADS.url}{path}"


def mail_of(digest: Digest, told: DigestText) -> Mail:
    """The mail of a digest, in the active language (RFC 8058: one click, and it ends)."""
    subscription, person = digest.subscription, digest.person
    leave = leave_url(subscription, person)
    context = {
        "told": told,
        "subscription": subscription,
        "open_url": f"{settings.OPENROADS.url}{reverse('culture:digest', args=[digest.pk])}",
        "leave_url": leave,
    }
    return Mail(
        " ".join(told.subject.split())[:250],
        render_to_string("listening/culture/digest_mail.txt", context),
        render_to_string("listening/culture/digest_mail.html", context),
        {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
