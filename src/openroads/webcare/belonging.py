"""Which case a word belongs to: by its thread, by what it answers, and by whose it is.

What stands in a post or a mail is what its writer says. So a word of theirs goes on in a case only when they
are who the case is with, whatever thread it names; and a mail in our name counts only under our seal.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openroads.archive.batch import post_id
from openroads.archive.queries.cases import Collected, Said
from openroads.connectors.answering import ANSWERING, Answering
from openroads.connectors.answering.port import same_words
from openroads.delivery.actions import found_standing
from openroads.delivery.channels import is_our_mail
from openroads.delivery.models import Channel, Delivery
from openroads.delivery.replying import draft_of
from openroads.directory.models import Account
from openroads.webcare.models import Case, Identity, Message
from openroads.webcare.networks import MAIL
from openroads.webcare.settling import settle

MOST_CASES = 5
IN_DOUBT = (Delivery.State.SENDING, Delivery.State.RETRY, Delivery.State.NEEDS_A_LOOK)
"""Answers that may stand at the network already without our knowing."""
_MENTIONS = re.compile(r"^(?:@\S+\s+)+")


def answering_handles() -> frozenset[str]:
    """Who we are on networks, in small letters without @: our accounts, and those we answer through."""
    handles = [
        *Account.objects.values_list("handle", flat=True),
        *(name for _kind, name in _channels()),
    ]
    return frozenset(handle.lstrip("@").lower() for handle in handles if handle)


def own_names() -> frozenset[str]:
    """What people call us by: our handles, also without the server they live on, as people there write them."""
    shorter = {
        name.lstrip("@").partition("@")[0].lower() for kind, name in _channels() if kind != MAIL
    }
    return answering_handles() | frozenset(name for name in shorter if name)


def case_of(post: Collected, identity: Identity) -> Case | None:
    """The case a post goes on in: with the same person, also by another account of theirs, in the same
    thread, or one in which stands what it answers. A mail that is not from whom it says goes on in none:
    who writes in the name of a customer would read in her case what we answer her."""
    if is_false(post):
        return None
    theirs = Case.objects.filter(identity__contact=identity.contact_id, network=post.network)
    theirs = theirs.select_related("merged_into", "identity").order_by("-opened_at", "-pk")
    case = theirs.filter(thread=post.thread_key[:300]).first()
    if case is None:
        case = theirs.filter(pk__in=_cases_with(_answered_posts(post), _receipts(post))).first()
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def is_false(post: Collected | Said) -> bool:
    """Whether its author was shown not to be who they say."""
    return post.proven is False


def thread_of(post: Collected) -> str:
    """The thread a case of this post is of. Of one that is not from whom it says, the post itself: the thread
    it names may be that of a case with somebody else."""
    return (post.native_id if is_false(post) else post.thread_key)[:300]


def stands_already(post: Collected) -> bool:
    """Whether the same post stands in a case already, brought by another source."""
    ids = _ids_of(post, post.native_id)
    return Message.objects.filter(post__in=ids).exists()


def answered_by(post: Collected) -> Sequence[Case]:
    """The cases a word of ours may be an answer in: of its thread, or with what it answers; who wrote last
    comes first."""
    rows = Case.objects.filter(
        Q(thread=post.thread_key[:300]) | Q(pk__in=_cases_with(_answered_posts(post), ())),
        network=post.network, merged_into=None, messages__kind=Message.Kind.THEIRS,
    )  # fmt: skip
    answered = rows.filter(messages__post__in=_answered_posts(post)).order_by("-last_in_at")
    others = rows.order_by("-last_in_at").distinct()[:MOST_CASES]
    found = [*answered.distinct()[:1], *others]
    return list({case.pk: case for case in found}.values())


def waits_since(case: Case) -> datetime | None:
    """When the first word of theirs that nobody answered was said, by the clock of the network: ours may
    have heard it later than their answer."""
    if case.waiting_since is None:
        return None
    rows = Message.objects.filter(case=case, kind=Message.Kind.THEIRS, cycle=case.cycle)
    waiting = rows.filter(received_at__gte=case.waiting_since).order_by("said_at")
    return waiting.values_list("said_at", flat=True).first()


def answers_us(post: Collected) -> bool:
    """Whether a post answers something we sent from here."""
    sent = Message.objects.filter(kind=Message.Kind.OURS, case__network=post.network)
    return sent.filter(delivery__receipt_id__in=_receipts(post)).exists()


def is_from_us(post: Collected) -> bool:
    """Whether a post in our name is ours. Anybody can write our address above a mail: one counts only
    when this house sent it. Networks see to it themselves that a handle is its owner's."""
    return post.network != MAIL or is_our_mail(post.native_id)


@transaction.atomic
def note_echo(post: Collected) -> bool:
    """Whether a post of ours left from here; then its message knows its post from now on. One that was
    in doubt, because the line broke before the network told its name, is known by its words."""
    sent = Message.objects.filter(kind=Message.Kind.OURS, case__network=post.network)
    told = sent.filter(delivery__receipt_id=post.native_id)
    if told.filter(post=None).update(post=post.id) or told.exists():
        return True
    doubtful = sent.filter(
        post=None, delivery__state__in=IN_DOUBT, delivery__receipt_id="",
        delivery__draft__reply_to=post.reply_to, delivery__attempt_started_at__isnull=False,
    ).select_related("delivery__channel")  # fmt: skip
    for message in doubtful:
        delivery = message.delivery
        if delivery is not None and _says(delivery, post.text):
            Message.objects.filter(pk=message.pk).update(post=post.id)
            if found_standing(delivery=delivery, native_id=post.native_id, url=post.url, at=post.published_at):  # fmt: skip
                settle(Case.objects.select_for_update(of=("self",)).get(pk=message.case_id))
            return True
    return False


def _channels() -> list[tuple[str, str]]:
    """Kind and name of every account answers leave through; a mailbox is known by its address at once."""
    rows = Channel.objects.values_list("kind", "handle", "told__address")
    return [
        (kind, str(handle or (address if kind == MAIL else "") or ""))
        for kind, handle, address in rows
        if kind != "practice"
    ]


def _answered_posts(post: Collected) -> list[int]:
    """The archive's ids of what a post answers, whichever source brought it."""
    return _ids_of(post, post.reply_to) if post.reply_to else []


def _ids_of(post: Collected, native_id: str) -> list[int]:
    """What the archive calls a post of the same network, by each source that brought us cases from there:
    what is said to us may come by one source and what we say by another."""
    rows = Case.objects.filter(network=post.network).order_by()
    sources = {post.source, *rows.values_list("source", flat=True).distinct()}
    return [post_id(source, native_id) for source in sorted(sources)]


def _receipts(post: Collected) -> list[str]:
    """What a post may name of ours. Of mail only numbers that bear our seal: others are anybody's."""
    named = {name for name in (post.reply_to, post.thread) if name}
    return sorted(name for name in named if post.network != MAIL or is_our_mail(name))


def _cases_with(posts: Sequence[int], receipts: Sequence[str]) -> Sequence[int]:
    """The cases in which one of these posts stands, or an answer of ours of that name."""
    if not posts and not receipts:
        return []
    said = Message.objects.filter(
        Q(post__in=posts) | Q(kind=Message.Kind.OURS, delivery__receipt_id__in=receipts)
    )
    return list(said.values_list("case", flat=True)[:MOST_CASES])


def _says(delivery: Delivery, text: str) -> bool:
    """Whether a text is what a delivery was to say, but for whom it mentions first."""
    way: type[Answering] | None = (
        ANSWERING.get(delivery.channel.kind) if delivery.channel is not None else None
    )
    if way is None or not delivery.draft:
        return False
    said = way.words(draft_of(delivery))
    return same_words(_MENTIONS.sub("", said), _MENTIONS.sub("", text))
