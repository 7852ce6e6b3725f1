"""Answering channels: administrators keep them, their secrets are shown nowhere, and the house says whether they work."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from openroads.connectors.answering import ANSWERING
from openroads.delivery.channels import (
    add_channel,
    answering_of,
    change_channel,
    is_our_mail,
    limits_of,
    try_channel,
)
from openroads.delivery.models import Channel
from openroads.delivery.runner import work_off
from openroads.directory.models import Account, TrailEntry
from tests.connectors.answered import Network, network
from tests.delivery.mastodon_server import TOKEN, Statuses

__all__ = ["network"]


@pytest.fixture
def there(network: Network, settings: Any) -> Statuses:
    settings.OPENROADS.http_allow = (network.host,)
    return Statuses(network)


@pytest.fixture
def channel(ada: Any, there: Statuses) -> Channel:
    return add_channel(by=ada, kind="mastodon", name="Windmee", told=there.told)


def _form(channel: Channel, **more: str) -> dict[str, str]:
    told = {f"way_{name}": value for name, value in channel.told.items()}
    return {"name": channel.name, "sources": "", "account": "", "is_on": "on", **told, **more}


def test_a_channel_is_added_from_a_form_and_tried(ada: Any, signed_in: Any, there: Statuses) -> None:  # fmt: skip
    account = Account.objects.create(network="mastodon", handle="@windmee@mastodon.example")
    Account.objects.create(network="facebook", handle="windmee")
    browser, where = signed_in(ada), reverse("delivery:add_channel", args=("mastodon",))
    assert 'type="password"' in (page := browser.get(where).content.decode())
    assert "@windmee@mastodon.example" in page and ">windmee (facebook)" not in page
    told = {"name": "Windmee", "way_server": there.network.url, "way_token": TOKEN, "sources": "3, 1 3", "account": str(account.pk)}  # fmt: skip
    assert browser.post(where, told).status_code == 302
    work_off()
    channel = Channel.objects.get()
    assert (channel.sources, channel.account, channel.handle) == ([1, 3], account, f"@windmee@{there.network.host}")  # fmt: skip
    assert limits_of(channel).characters == 640 and channel.last_ok_at and not channel.last_error
    assert "works" in browser.get(reverse("delivery:channels")).content.decode()
    assert there.tried == 0


def test_what_is_wrong_stands_beside_its_field(ada: Any, signed_in: Any, channel: Channel) -> None:
    browser, where = signed_in(ada), reverse("delivery:add_channel", args=("mastodon",))
    answer = browser.post(where, {"name": "Windmee", "way_server": "x", "way_token": "t", "sources": "one"})  # fmt: skip
    assert answer.status_code == 400 and "Numbers only" in answer.content.decode()
    answer = browser.post(where, {"name": "Windmee", "way_server": "x", "way_token": "t"})
    assert answer.status_code == 400 and "of this name already" in answer.content.decode()
    assert browser.get(reverse("delivery:add_channel", args=("nowhere",))).status_code == 404


@pytest.mark.parametrize("kind", list(ANSWERING))
def test_every_way_has_its_form(ada: Any, signed_in: Any, kind: str) -> None:
    page = signed_in(ada).get(reverse("delivery:add_channel", args=(kind,))).content.decode()
    assert all(f'name="way_{field.name}"' in page for field in ANSWERING[kind].fields)


def test_its_secrets_are_shown_nowhere(ada: Any, signed_in: Any, channel: Channel, capfd: Any) -> None:  # fmt: skip
    browser = signed_in(ada)
    where = reverse("delivery:channel", args=(channel.pk,))
    browser.post(reverse("delivery:try_channel", args=(channel.pk,)))
    work_off()
    pages = [browser.get(path).content.decode() for path in (where, reverse("delivery:channels"), "/leaving/", "/trail/")]  # fmt: skip
    wrong = browser.post(where, _form(channel, name="", way_token="another" + "-word")).content.decode()  # fmt: skip
    jobs = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    trails = json.dumps(list(TrailEntry.objects.values_list("facts_text", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets, told FROM delivery_channel")
        kept = str(cursor.fetchall())
    out = "".join(capfd.readouterr())
    whole = "".join([*pages, wrong, jobs, trails, kept, out])
    assert TOKEN not in whole and "another-word" not in whole
    assert json.loads(Channel.objects.get().secrets) == {"token": TOKEN}


def test_a_secret_left_empty_stays_but_never_for_another_server(ada: Any, signed_in: Any, channel: Channel) -> None:  # fmt: skip
    browser, where = signed_in(ada), reverse("delivery:channel", args=(channel.pk,))
    assert browser.post(where, _form(channel, name="Windmee NL")).status_code == 302
    kept = Channel.objects.get()
    assert kept.name == "Windmee NL" and json.loads(kept.secrets) == {"token": TOKEN}
    answer = browser.post(where, _form(kept, way_server="https://elsewhere.example"))
    assert answer.status_code == 400 and "give what is secret anew" in answer.content.decode()
    assert Channel.objects.get().told == kept.told
    told = _form(kept, way_server="https://elsewhere.example", way_token="t2")
    assert browser.post(where, told).status_code == 302
    assert json.loads(Channel.objects.get().secrets) == {"token": "t2"}


def test_a_channel_that_lets_nobody_in_says_so(ada: Any, there: Statuses) -> None:
    channel = add_channel(by=ada, kind="mastodon", name="Windmee", told={**there.told, "token": "old"})  # fmt: skip
    work_off()
    channel.refresh_from_db()
    assert "access token" in channel.last_error and channel.last_ok_at is None
    there.network.says("GET /api/v1/accounts/verify_credentials", {"id": "1", "acct": "windmee"})
    try_channel(by=ada, channel=channel)
    work_off()
    channel.refresh_from_db()
    assert channel.last_error == "" and channel.last_ok_at is not None


def test_only_administrators_keep_channels_and_the_trail_says_what_changed(ada: Any, noor: Any, channel: Channel, there: Statuses) -> None:  # fmt: skip
    told = {"name": "Windmee", "told": there.told, "is_on": False}
    for deed in (
        lambda: add_channel(by=noor, kind="mastodon", name="X", told=there.told),
        lambda: change_channel(by=noor, channel=channel, **told),
        lambda: try_channel(by=noor, channel=channel),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    change_channel(by=ada, channel=channel, **told)
    change_channel(by=ada, channel=channel, **told)  # nothing changed, nothing is told
    deeds = TrailEntry.objects.filter(kind="delivery.channel").values_list("verb", flat=True)
    assert list(deeds.order_by("number")) == ["added answering channel", "changed answering channel"]  # fmt: skip
    with pytest.raises(ValidationError):
        add_channel(by=ada, kind="pigeon", name="Y", told={})


def test_a_mail_of_ours_is_known_and_a_forged_one_is_not(ada: Any, settings: Any) -> None:
    from openroads.connectors.answering.mail import AnsweringMail
    from tests.connectors.answered import draft

    told = {"address": "hulp@windmee.example", "server": "smtp.windmee.example"}
    way = answering_of(add_channel(by=ada, kind="mail", name="Hulp", told=told))
    assert isinstance(way, AnsweringMail)
    number = way._number(draft())
    assert is_our_mail(number) and not is_our_mail(number.replace(".", ".0", 1))
    settings.SECRET_KEY = "that of another house"
    assert not is_our_mail(number)


def test_a_change_leaves_alone_what_a_check_found_at_the_same_moment(ada: Any, channel: Channel) -> None:  # fmt: skip
    Channel.objects.filter(pk=channel.pk).update(handle="@windmee", characters=640)
    change_channel(by=ada, channel=channel, name="Windmee now", told=channel.told, is_on=True)
    channel.refresh_from_db()
    assert (channel.name, channel.handle, channel.characters) == ("Windmee now", "@windmee", 640)


def test_a_way_this_openroads_does_not_know_does_no_harm(ada: Any, signed_in: Any, channel: Channel) -> None:  # fmt: skip
    Channel.objects.update(kind="pigeon")
    work_off()
    browser = signed_in(ada)
    page = browser.get(reverse("delivery:channels"))
    assert page.status_code == 200 and "does not know" in page.content.decode()
    assert browser.get(reverse("delivery:channel", args=(channel.pk,))).status_code == 404
