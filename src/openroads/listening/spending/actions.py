"""Asking what a paid source would cost, and switching it on when a person has seen it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.sentences import say
from openroads.connectors.x import X
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.actions.sources import send_to
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND
from openroads.listening.saying import translated
from openroads.listening.spending.models import CostPreview

ASK_PRICE = "listening.ask_price"
GOOD_FOR = timedelta(days=7)
"""How long a price may be agreed to: it is of the seven days before it was asked."""


@transaction.atomic
def ask_price(*, by: Person, source: Source) -> CostPreview:
    """Let a paid source's network be asked what a month would cost. Raises Refused where nothing is paid."""
    directory_policy.require(by, policy.may_keep_sources)
    if not BY_KIND[source.network].priced:
        raise Refused(say("This source costs nothing."))
    preview = CostPreview.objects.create(source=source, fingerprint=source.fingerprint, asked_by=by)
    trail.record(by, "asked what a source costs", source)
    enqueue(ASK_PRICE, key=f"price-{source.pk}", by=by, preview_id=preview.pk)
    return preview


def find_price(*, preview: CostPreview, network: X, topic: str) -> CostPreview:
    """Ask the network, and write down what it says or why it does not, in the language of the house.
    Raises TryLater so that the job comes back."""
    try:
        price = network.price(topic)
    except (Refused, TryLater) as error:
        with override(settings.LANGUAGE_CODE):
            preview.error = translated(error.why)[:500]
        preview.save(update_fields=["error"])
        if isinstance(error, TryLater):
            raise
        return preview
    preview.counted, preview.posts, preview.error = price.counted, price.posts, ""
    preview.reading, preview.looking_again = price.reading, price.looking_again
    preview.save(update_fields=["counted", "posts", "reading", "looking_again", "error"])
    return preview


@transaction.atomic
def switch_on(*, by: Person, source: Source, preview: CostPreview) -> Source:
    """Begin to pay: of a source whose price this person has seen. Raises Refused when the price is of
    other settings, not known, or older than a week."""
    directory_policy.require(by, policy.may_keep_sources)
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    preview = CostPreview.objects.select_for_update(of=("self",)).get(pk=preview.pk)
    if preview.source_id != source.pk or preview.fingerprint != source.fingerprint:
        raise Refused(say("That price was of other settings; ask again what it costs."))
    if preview.together is None:
        raise Refused(say("What it costs is not known yet."))
    if preview.asked_at < timezone.now() - GOOD_FOR:
        raise Refused(say("That price is older than a week; ask again what it costs."))
    preview.agreed_at, preview.agreed_by = timezone.now(), by
    preview.save(update_fields=["agreed_at", "agreed_by"])
    source.listening = True
    source.save(update_fields=["listening"])
    trail.record(
        by, "switched a paid source on", source, a_month=f"{preview.together} USD",
        budget=f"{source.told.get('budget', '')} USD", posts=preview.posts,
    )  # fmt: skip
    send_to(by, source)
    return source
