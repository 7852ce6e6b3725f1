"""Listening to a network: beginning, and changing what is looked for or how the house signs in."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from openroads.connectors.failures import Refused
from openroads.connectors.port import Field
from openroads.connectors.searching import OWN, way_of
from openroads.connectors.sentences import say
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.actions.sources import send_to
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND, secrets_of
from openroads.listening.register.grounds import Grounds, enter
from openroads.listening.spending.actions import ask_price
from openroads.listening.spending.queries import price_is_unseen


@transaction.atomic
def follow_network(
    *,
    by: Person,
    network: str,
    told: Mapping[str, str],
    purpose: str,
    name: str = "",
    brand: Brand | None = None,
    grounds: Grounds | None = None,
    agreed: bool = False,
) -> Source:
    """Follow searches on a network from now on; the first visit is made at once, but of a paid network
    only when somebody has seen the price.

    `told` are the settings by the names of the network's fields. `agreed`: whoever asks confirms what the
    network's terms ask to be confirmed; the trail keeps the sentences. Raises Refused, with a sentence, for what the network
    cannot be asked.
    """
    directory_policy.require(by, policy.may_keep_sources)
    shown, secret = _parted(network, told)
    terms = BY_KIND[network].agree
    if terms and not agreed:
        raise Refused(say("Read what this network asks, and confirm it."))
    source = Source(
        kind=Source.Kind.NETWORK,
        network=network,
        name=name or _named(network, shown),
        fingerprint=_fingerprint(network, shown),
        told=shown,
        secrets=json.dumps(secret) if secret else "",
        purpose=purpose,
        brand=brand,
        every_minutes=BY_KIND[network].minutes(shown),
        listening=not BY_KIND[network].priced,
    )
    _refuse_twin(source)
    source.save()
    entry = enter(source, grounds, by)
    confirmed = {"confirmed": [str(term) for term in terms]} if terms else {}
    trail.record(by, "followed network", source, network=network, topic=shown.get("topic", ""), basis=entry.basis, **confirmed)  # fmt: skip
    _begin(by, source)
    return source


@transaction.atomic
def change_network(*, by: Person, source: Source, told: Mapping[str, str]) -> Source:
    """Look for something else, or sign in otherwise; a secret left empty stays what it is,
    unless the address of the server changes. What is looked for anew is read from as far back as the first visit went; nothing comes twice."""
    directory_policy.require(by, policy.may_keep_sources)
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    kept = secrets_of(source)
    # What opens one server is never sent to another: its secrets are given anew.
    carried = kept if told.get("server", "").strip() == source.told.get("server", "") else {}
    shown, secret = _parted(source.network, {**carried, **{k: v for k, v in told.items() if v or k not in carried}})  # fmt: skip
    facts: dict[str, object] = {
        field: {"was": source.told.get(field, ""), "now": value}
        for field, value in shown.items()
        if source.told.get(field, "") != value
    }
    if secret != kept:
        facts["secrets"] = sorted(
            field for field in {**kept, **secret} if secret.get(field) != kept.get(field)
        )
    if not facts:
        return source
    source.told, source.secrets = shown, json.dumps(secret) if secret else ""
    source.fingerprint, source.last_error = _fingerprint(source.network, shown), ""
    source.hears_since = None  # until it hears anew, on whatever it is told now
    _refuse_twin(source)
    source.every_minutes = BY_KIND[source.network].minutes(shown)
    if price_is_unseen(source):
        source.listening = False
    source.save(update_fields=["told", "secrets", "fingerprint", "last_error", "hears_since", "every_minutes", "listening"])  # fmt: skip
    trail.record(by, "changed network", source, **facts)
    _begin(by, source)
    return source


def _begin(by: Person, source: Source) -> None:
    """Go there, or first ask what it costs."""
    if price_is_unseen(source):
        ask_price(by=by, source=source)
    else:
        send_to(by, source)


def _parted(network: str, told: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The settings that may be shown and those that may not, looked at before anybody is asked."""
    if network not in BY_KIND:
        raise Refused(say("This is no network the house can search."))
    fields = BY_KIND[network].fields
    shown = {
        field.name: value
        for field in fields
        if not field.secret
        # What is as it was before there was a choice stands nowhere, as it did then.
        and ((value := _given(field, told)) or not field.choices)
        and not (field.choices and value == field.default)
    }
    secret = {field.name: told[field.name] for field in fields if field.secret and told.get(field.name)}  # fmt: skip
    BY_KIND[network].check({**shown, **secret})
    return shown, secret


def _given(field: Field, told: Mapping[str, str]) -> str:
    """What was filled in; what is looked for has a default where the network reads places of ours."""
    given = told.get(field.name, "").strip()
    return given or (field.default if field.name == "topic" else "")


def _named(network: str, shown: Mapping[str, str]) -> str:
    label = BY_KIND[network].label
    if way_of(shown) == OWN:
        return gettext("%(network)s: said to us") % {"network": label}
    return f"{label}: {shown['topic']}"[:120]


def _fingerprint(network: str, shown: Mapping[str, str]) -> str:
    """The same for the same settings of the same network: nobody follows one thing twice."""
    said = json.dumps([network, *sorted(shown.items())])
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _refuse_twin(source: Source) -> None:
    twins = Source.objects.filter(
        kind=source.kind, network=source.network, fingerprint=source.fingerprint, brand=source.brand
    )
    if twin := twins.exclude(pk=source.pk).first():
        raise Refused(say("“{name}” looks for the same already.", name=twin.name))
