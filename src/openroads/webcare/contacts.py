"""People outside as we know them: their accounts, which may be one person, and everything with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from openroads.analysis.query.words import fold
from openroads.archive.queries.cases import Collected
from openroads.directory.models import Person
from openroads.webcare import policy, queries
from openroads.webcare.models import Case, Contact, Identity
from openroads.webcare.words import latest_posts

EACH = 5
MOST_COMPARED = 2_000


@dataclass(frozen=True)
class Account:
    """An account of somebody, with what the archive calls it and the last things said by it."""

    identity: Identity
    name: str
    handle: str
    posts: Sequence[Collected]

    @property
    def last(self) -> Collected | None:
        return self.posts[0] if self.posts else None


@dataclass(frozen=True)
class Suggested:
    """Another contact that may be the same person, and why we think so."""

    contact: Contact
    account: Account
    why: str


def contacts_for(person: Person) -> QuerySet[Contact]:
    """The contacts somebody may see: those with a case they may see."""
    if not policy.may_answer(person):
        return Contact.objects.none()
    if policy.answers_everywhere(person):
        return Contact.objects.all()
    return Contact.objects.filter(_has_a_case(person, "pk"))


def accounts_of(person: Person, contact: Contact) -> list[Account]:
    """Their accounts, each with the last of its posts that this person may read; one whose posts are gone
    has no name."""
    identities = list(Identity.objects.filter(contact=contact).order_by("network", "pk"))
    said: dict[int, list[Collected]] = {}
    latest = latest_posts([one.author for one in identities], each=EACH)
    readable = queries.may_read_posts(person, [(post.id, post.network) for post in latest])
    for post in latest:
        said.setdefault(post.author_key, []).append(post)
    return [
        replace(account, posts=[post for post in account.posts if post.id in readable])
        for account in (_account(one, said.get(one.author, [])) for one in identities)
    ]


def cases_of(person: Person, contact: Contact) -> list[Case]:
    """Every case with them that this person may see, newest first."""
    found = queries.cases_for(person).filter(identity__contact=contact, merged_into=None)
    return list(found.order_by("-opened_at")[:200])


def suggested_for(person: Person, contact: Contact, accounts: Sequence[Account]) -> list[Suggested]:
    """Others who bear the same name or handle on another network: a suggestion and no more, since two
    people may share both. People who were joined already are not suggested again. Looked for among the
    `MOST_COMPARED` accounts that wrote to us last for the first time."""
    names = {fold(one.name) for one in accounts if len(one.name) > 3}
    handles = {_plain(one.handle) for one in accounts if len(one.handle) > 3}
    if not names and not handles:
        return []
    others = Identity.objects.filter(contact__merged_into=None).exclude(contact=contact)
    if not policy.answers_everywhere(person):
        others = others.filter(_has_a_case(person, "contact"))
    rows = list(others.select_related("contact").order_by("-pk")[:MOST_COMPARED])
    by_author = {one.author: one for one in rows}
    found = []
    for post in latest_posts(list(by_author)):
        one = by_author[post.author_key]
        account = _account(one, [post])
        if _plain(account.handle) in handles:
            found.append(Suggested(one.contact, account, "handle"))
        elif fold(account.name) in names:
            found.append(Suggested(one.contact, account, "name"))
    return found[:EACH]


def export_of(person: Person, contact: Contact) -> dict[str, Any]:
    """Everything webcare itself holds of somebody, as plain values: what they wrote stands in the archive
    and is handed out by the page that erases and exports there."""
    cases = cases_of(person, contact)
    return {
        "accounts": [
            {"network": one.network, "known_by": one.verified_how, "blocked": _iso(one.blocked_at)}
            for one in Identity.objects.filter(contact=contact)
        ],
        "cases": [
            {
                "case": case.code, "network": case.network, "state": case.state,
                "opened_at": _iso(case.opened_at), "closed_at": _iso(case.closed_at),
                "messages": [
                    {"kind": one.kind, "at": _iso(one.said_at), "text": one.text}
                    for one in queries.messages_of(case)
                    if one.kind != "note"
                ],
            }
            for case in cases
        ],
    }  # fmt: skip


def _has_a_case(person: Person, contact: str) -> Exists:
    """That somebody sees a case of the contact in this column. Asked contact by contact: the list of all
    contacts of a team is long, and mostly for one of them."""
    return Exists(queries.cases_for(person).order_by().filter(identity__contact=OuterRef(contact)))


def _account(identity: Identity, posts: Sequence[Collected]) -> Account:
    last = posts[0] if posts else None
    name = (last.author_name or last.author) if last is not None else ""
    return Account(identity, name, last.author if last is not None else "", posts)


def _plain(handle: str) -> str:
    """A handle without @ and without the server it lives on."""
    return handle.lstrip("@").lower().split("@")[0]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""
