"""Every address, every role: who may open what. A new address without a line here fails."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from openroads.champions.models import Spotlight, Success
from openroads.changes.models import (
    Change,
    Decision,
    Delegate,
    Insight,
    Telling,
    Told,
    TrackerDoor,
    TrackerMove,
)
from openroads.delivery.models import ApiKey, Channel, Delivery, Endpoint
from openroads.listening.culture.mails import token_of
from openroads.listening.erasing.models import Erasure
from openroads.listening.models import (
    AlertRule,
    BrandText,
    Deafness,
    Digest,
    Event,
    Export,
    Filing,
    Hour,
    HourPost,
    Import,
    Pattern,
    Payload,
    PrivacyRequest,
    Promise,
    PushAddress,
    SavedView,
    SeesNames,
    Source,
    SteeringAction,
    Subscription,
    Topic,
    TopicVersion,
)
from openroads.webcare.approach.models import Approach, ColleagueQuestion
from openroads.webcare.approach.tokens import token_of as colleague_token
from openroads.webcare.clocks.models import (
    TargetPolicy,
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.help.actions import publish_article, write_article
from openroads.webcare.models import Case, Contact, Identity, Message, Rule
from openroads.webcare.saved.actions import propose_reply

ROLES = ("noor", "daan", "sanne", "fleur", "ilse", "tom", "omar", "ida", "marloes", "ada")
EVERYBODY = frozenset(ROLES)
READERS = EVERYBODY - {"ida", "marloes"}
LISTENERS = frozenset({"noor", "sanne", "ada"})
LABELLERS = LISTENERS | {"daan"}
OPENERS = READERS - {"omar"}
PEOPLE = frozenset({"noor", "ada"})
FIGURES = frozenset({"noor", "daan", "sanne", "tom", "omar", "ada"})
ADMINISTRATORS = frozenset({"ada"})
AGENTS = frozenset({"daan"})

LEADS = frozenset({"noor", "ada"})
WRITERS = AGENTS | LEADS | {"fleur"}
INSIDE = EVERYBODY - {"marloes"}
RECORDERS = frozenset({"noor", "daan", "fleur", "ilse"})
KEEPERS = frozenset({"noor", "fleur"})
ANSWERS_READ = WRITERS | {"sanne", "tom", "omar"}

OPEN = "open to anonymous visitors"
SIGNED = "for programs: believed by a signature, never by a session"
KEYED = "for programs: opened by a key, never by a session; see tests/api/test_reading.py"
TABLE: dict[str, Any] = {
    "web:home": EVERYBODY,
    "web:welcome": OPEN,
    "web:welcome_step": OPEN,
    "web:enter_demo": OPEN,
    "web:livez": OPEN,
    "web:readyz": OPEN,
    "web:metrics": OPEN,  # to this machine, or with a token; see test_health.py
    "web:robots": OPEN,
    "ui:menu": EVERYBODY,
    "ui:theme": OPEN,
    "ui:language": OPEN,
    "ui:colours": OPEN,
    "ui:keys": OPEN,
    "ui:parts": OPEN,  # exists on a demo only
    "delivery:notices": EVERYBODY,
    "delivery:see_all": EVERYBODY,
    "delivery:open_notice": frozenset(),  # each their own: see tests/delivery/test_notices.py
    "delivery:leaving": ADMINISTRATORS,
    "delivery:try_again": ADMINISTRATORS,
    "delivery:call_sent": ADMINISTRATORS,
    "delivery:leave_it": ADMINISTRATORS,
    "delivery:channels": ADMINISTRATORS,
    "delivery:choose_channel": ADMINISTRATORS,
    "delivery:add_channel": ADMINISTRATORS,
    "delivery:channel": ADMINISTRATORS,
    "delivery:try_channel": ADMINISTRATORS,
    "delivery:endpoints": ADMINISTRATORS,
    "delivery:add_endpoint": ADMINISTRATORS,
    "delivery:endpoint": ADMINISTRATORS,
    "delivery:renew_secret": ADMINISTRATORS,
    "delivery:try_endpoint": ADMINISTRATORS,
    "delivery:end_endpoint": ADMINISTRATORS,
    "delivery:keys": ADMINISTRATORS,
    "delivery:add_key": ADMINISTRATORS,
    "delivery:end_key": ADMINISTRATORS,
    "listening:gap": READERS,
    "listening:gap_csv": READERS,
    "listening:gap_pdf": READERS,
    "listening:gap_method": READERS,
    "listening:posts": READERS,
    "listening:explore": READERS,
    "listening:explore_posts": READERS,
    "listening:explore_csv": READERS,
    "listening:check_query": READERS,
    "listening:query_help": READERS,
    "listening:compare": READERS,
    "listening:topics": READERS,
    "listening:topic": READERS,
    "listening:topic_filing": READERS,
    "listening:topic_said": READERS,
    "listening:add_topic": LISTENERS,
    "listening:check_topic": LISTENERS,
    "listening:change_topic": LISTENERS,
    "listening:describe_topic": LISTENERS,
    "listening:back_topic": LISTENERS,
    "listening:stop_topic": LISTENERS,
    "listening:resume_topic": LISTENERS,
    "listening:put_away_topic": LISTENERS,
    "listening:take_up_topic": LISTENERS,
    "listening:views": READERS,
    "listening:forget_view": READERS,
    "listening:events": READERS,
    "listening:event_kind": LISTENERS,
    "listening:unmark_event": LISTENERS,
    "listening:imports": LISTENERS,
    "listening:import": LISTENERS,
    "listening:stop_import": LISTENERS,
    "listening:resume_import": LISTENERS,
    "listening:rejected_rows": LISTENERS,
    "listening:sources": READERS,
    "listening:add_feed": LISTENERS,
    "listening:add_site": LISTENERS,
    "listening:networks": LISTENERS,
    "listening:follow_network": LISTENERS,
    "listening:change_network": LISTENERS,
    "listening:source": READERS,
    "listening:describe_source": LISTENERS,
    "listening:register_entry": LISTENERS,
    "listening:hole_filled": LISTENERS,
    "listening:register": READERS,
    "listening:register_csv": READERS,
    "listening:dpia": LISTENERS,
    "listening:dpia_file": LISTENERS,
    "listening:controller": ADMINISTRATORS,
    "spending:source": LISTENERS,
    "spending:ask": LISTENERS,
    "spending:switch_on": LISTENERS,
    "listening:visit_source": LISTENERS,
    "listening:pause_source": LISTENERS,
    "listening:texts": READERS,
    "listening:add_texts": LISTENERS,
    "listening:text": READERS,
    "listening:remove_text": LISTENERS,
    "listening:restore_text": LISTENERS,
    "listening:view": READERS,
    "listening:share_view": READERS,
    "culture:start": OPENERS,
    "culture:now": READERS,
    "culture:subscriptions": READERS,
    "culture:subscribe": READERS,
    "culture:preview": READERS,
    "culture:end": READERS,
    "culture:step_out": READERS,
    "culture:leave": OPEN,  # the address is signed; see tests/listening/culture
    "culture:digest": frozenset({"ilse"}),
    "culture:reach": LISTENERS | {"tom", "omar"},
    "culture:hours": READERS,
    "culture:hour": LISTENERS | {"ilse"},
    "culture:call_off": LISTENERS | {"ilse"},
    "culture:hour_post": LISTENERS | {"ilse"},
    "culture:exports": LISTENERS,
    "culture:export_file": LISTENERS,
    "webcare:articles": ANSWERS_READ,
    "webcare:articles_method": ANSWERS_READ,
    "webcare:article": ANSWERS_READ,
    "webcare:add_article": WRITERS,
    "webcare:write_version": WRITERS,
    "webcare:describe_article": WRITERS,
    "webcare:check_article": WRITERS,
    "webcare:publish_article": WRITERS,
    "webcare:end_article": WRITERS,
    "webcare:centre": LEADS,
    "webcare:beside": AGENTS,
    "webcare:use_answer": AGENTS,
    "webcare:saved_replies": AGENTS | LEADS,
    "webcare:add_saved_reply": AGENTS | LEADS,
    "webcare:saved_reply": AGENTS | LEADS,
    "webcare:approve_saved_reply": AGENTS | LEADS,
    "webcare:end_saved_reply": AGENTS | LEADS,
    "webcare:approaches": EVERYBODY - {"marloes"},
    "webcare:add_approach": LEADS,
    "webcare:approach": LEADS,
    "webcare:end_approach": LEADS,
    "webcare:case_approach": AGENTS,
    "webcare:ask_colleague": AGENTS,
    "webcare:questions": AGENTS,
    "webcare:question": AGENTS,
    "webcare:withdraw_question": AGENTS,
    "webcare:answer_mailbox": LEADS,
    "centre:centre": OPEN,
    "centre:article": OPEN,
    "centre:feedback": OPEN,
    "colleague:answer": OPEN,  # the address is signed; see tests/webcare/approach
    "changes:changes": READERS,
    "changes:clocks": READERS,
    "changes:definition": READERS,
    "changes:change": READERS,
    "changes:weeks_csv": READERS,
    "changes:decide": frozenset({"tom"}),
    "changes:delegates": frozenset({"tom"}),
    "changes:end_delegate": frozenset({"tom"}),
    "changes:live": frozenset({"noor", "tom"}),
    "changes:postpone": frozenset({"noor", "tom"}),
    "changes:correct": frozenset({"noor", "tom"}),
    "changes:stop": frozenset({"noor", "tom"}),
    "changes:say_yield": frozenset({"noor", "tom"}),
    "changes:measure": LISTENERS,
    "changes:settle_move": frozenset({"noor", "tom"}),
    "changes:telling": READERS,
    "changes:telling_texts": frozenset({"noor", "daan"}),
    "changes:draft": frozenset({"daan"}),
    "changes:skip": frozenset({"daan"}),
    "changes:undo": frozenset({"daan"}),
    "changes:publish": frozenset({"noor", "fleur"}),
    "changes:take_back": frozenset({"noor", "fleur"}),
    "changes:trackers": ADMINISTRATORS,
    "changes:close_tracker": ADMINISTRATORS,
    "public:you_said": OPEN,
    "public:you_said_embedded": OPEN,
    "public:you_said_feed": OPEN,
    "changes:insights": READERS,
    "changes:method": READERS,
    "changes:insight": READERS,
    "changes:hand": LISTENERS | {"tom"},
    "changes:withdraw": LISTENERS | {"ilse"},
    "changes:join": LISTENERS,
    "labels:post": READERS,
    "labels:say": LABELLERS,
    "labels:take_back": LABELLERS,
    "labels:say_topic": LABELLERS,
    "labels:undo": LABELLERS,
    "labels:undo_topic": LABELLERS,
    "labels:report": READERS,
    "labels:read": LABELLERS,
    "labels:draw": LISTENERS,
    "labels:table": READERS,
    "labels:model": READERS,
    "labels:put_back": LISTENERS,
    "labels:learn": LISTENERS,
    "labels:stop": LISTENERS,
    "reputation:reputation": READERS,
    "reputation:steering": READERS,
    "reputation:withdraw": LISTENERS,
    "reputation:method": READERS,
    "signals:signals": READERS,
    "signals:add_promise": LISTENERS,
    "signals:change_promise": LISTENERS,
    "signals:end_promise": LISTENERS,
    "themes:themes": READERS,
    "themes:make": LISTENERS,
    "language_model:language_model": ADMINISTRATORS,
    "language_model:allow": ADMINISTRATORS,
    "language_model:stop": ADMINISTRATORS,
    "language_model:ask": LISTENERS,
    "language_model:judge": LABELLERS,
    "labels:try_folder": LISTENERS,
    "patterns:patterns": READERS,
    "patterns:pattern": READERS,
    "patterns:judge": READERS,
    "patterns:measured": READERS,
    "patterns:try_again": LISTENERS,
    "patterns:rules": READERS,
    "patterns:add_rule": READERS,
    "patterns:change_rule": LISTENERS,
    "patterns:pause_rule": LISTENERS,
    "patterns:end_rule": LISTENERS,
    "directory:people": PEOPLE,
    "directory:add_person": ADMINISTRATORS,
    "directory:me": EVERYBODY,
    "directory:person": PEOPLE,
    "directory:change_person": ADMINISTRATORS,
    "directory:grant": ADMINISTRATORS,
    "directory:revoke": ADMINISTRATORS,
    "directory:keep_out": ADMINISTRATORS,
    "directory:let_in": ADMINISTRATORS,
    "directory:sign_in_link": ADMINISTRATORS,
    "directory:departments": PEOPLE,
    "directory:add_department": PEOPLE,
    "directory:add_team": PEOPLE,
    "directory:department": PEOPLE,
    "directory:team": PEOPLE,
    "directory:change_department": PEOPLE,
    "directory:change_team": PEOPLE,
    "directory:join": PEOPLE,
    "directory:leave": PEOPLE,
    "directory:end_part": PEOPLE,
    "directory:bring_back_part": PEOPLE,
    "directory:company": READERS,
    "directory:change_company": PEOPLE,
    "directory:add_brand": PEOPLE,
    "directory:brand": PEOPLE,
    "directory:end_brand": PEOPLE,
    "directory:bring_back_brand": PEOPLE,
    "directory:add_product": PEOPLE,
    "directory:product": PEOPLE,
    "directory:end_product": PEOPLE,
    "directory:bring_back_product": PEOPLE,
    "directory:add_account": PEOPLE,
    "directory:account": PEOPLE,
    "directory:close_account": PEOPLE,
    "directory:reopen_account": PEOPLE,
    "directory:remove_account": PEOPLE,
    "erasing:erasures": ADMINISTRATORS,
    "erasing:download": ADMINISTRATORS,
    "erasing:erase": ADMINISTRATORS,
    "erasing:erasure": ADMINISTRATORS,
    "erasing:settle": ADMINISTRATORS,
    "erasing:drop_file": ADMINISTRATORS,
    "sight:names": ADMINISTRATORS,
    "sight:take": ADMINISTRATORS,
    "requests:requests": ADMINISTRATORS,
    "requests:request": ADMINISTRATORS,
    "requests:take_up": ADMINISTRATORS,
    "requests:hand_out": ADMINISTRATORS,
    "requests:erase": ADMINISTRATORS,
    "requests:longer": ADMINISTRATORS,
    "requests:close": ADMINISTRATORS,
    "notice:notice": OPEN,
    "notice:ask": OPEN,
    "notice:asked": OPEN,
    "keeping:keeping": ADMINISTRATORS,
    "keeping:take_out": ADMINISTRATORS,
    "pushed:add": LISTENERS,
    "pushed:address": LISTENERS,
    "pushed:new_secret": LISTENERS,
    "pushed:end_older": LISTENERS,
    "pushed:again": LISTENERS,
    "api:openapi": OPEN,
    "api:posts": SIGNED,
    "api:meta": SIGNED,
    "api:tracker": SIGNED,
    "api:trustpilot": SIGNED,
    "api:cases": KEYED,
    "api:case": KEYED,
    "api:insights": KEYED,
    "api:insight": KEYED,
    "api:changes": KEYED,
    "api:change": KEYED,
    "webcare:inbox": AGENTS,
    "webcare:many": AGENTS,
    "webcare:take": AGENTS,
    "webcare:case": AGENTS,
    "webcare:there": AGENTS,
    "webcare:reply": AGENTS,
    "webcare:draft": AGENTS,
    "webcare:elsewhere": AGENTS,
    "webcare:claim": AGENTS,
    "webcare:take_over": AGENTS,
    "webcare:release": AGENTS,
    "webcare:close": AGENTS,
    "webcare:reopen": AGENTS,
    "webcare:no_answer": AGENTS,
    "webcare:priority": AGENTS,
    "webcare:hand": AGENTS,
    "webcare:snooze": AGENTS,
    "webcare:merge": AGENTS,
    "webcare:split": AGENTS,
    "webcare:insight": AGENTS,
    "webcare:take_back": AGENTS,
    "webcare:state": AGENTS,
    "webcare:picture": AGENTS,
    "webcare:approve": AGENTS,
    "webcare:refuse": AGENTS,
    "webcare:contact": AGENTS,
    "webcare:join_contact": AGENTS,
    "webcare:apart_contact": AGENTS,
    "webcare:block": AGENTS,
    "webcare:unblock": AGENTS,
    "webcare:service_times": PEOPLE,
    "webcare:add_hours": PEOPLE,
    "webcare:hours": PEOPLE,
    "webcare:remove_hours": PEOPLE,
    "webcare:add_promise": PEOPLE,
    "webcare:promise": PEOPLE,
    "webcare:end_promise": PEOPLE,
    "webcare:figures": FIGURES,
    "webcare:figures_csv": FIGURES,
    "webcare:figures_method": FIGURES,
    "webcare:satisfaction": PEOPLE,
    "webcare:score": OPEN,  # the address is signed; see tests/webcare/satisfaction
    "webcare:rules": AGENTS | PEOPLE,
    "webcare:ready_rules": PEOPLE,
    "webcare:add_rule": PEOPLE,
    "webcare:rules_log": AGENTS,
    "webcare:rule": PEOPLE,
    "webcare:try_rule": PEOPLE,
    "webcare:end_rule": PEOPLE,
    "champions:successes": INSIDE,
    "champions:successes_csv": INSIDE,
    "champions:definition": INSIDE,
    "champions:add": RECORDERS,
    "champions:success": INSIDE,
    "champions:correct": KEEPERS | {"ilse"},
    "champions:tell": KEEPERS | {"ilse"},
    "champions:confirm": KEEPERS,
    "champions:withdraw": KEEPERS | {"ilse"},
    "champions:spotlights": INSIDE,
    "champions:ask": RECORDERS | {"tom"},
    "champions:spotlight": INSIDE,
    "champions:answer": frozenset({"ida"}),
    "champions:step_out": frozenset({"ida"}),
    "champions:call_off": KEEPERS | {"daan"},
    "directory:trail": ADMINISTRATORS,
    "directory:trail_csv": ADMINISTRATORS,
}


def addresses(patterns: Any = None, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """The full name of every address of ours and what it asks for; allauth's own pages are tested
    where they are closed."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern).startswith("account/"):
                continue
            inner = (
                f"{space}:{pattern.namespace}"
                if space and pattern.namespace
                else pattern.namespace or space
            )
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            yield name, list(pattern.pattern.converters)


def test_every_address_stands_in_the_table() -> None:
    assert {name for name, _asked in addresses()} == set(TABLE)


@pytest.fixture
def things(cast: dict[str, Any], archive_here: Any) -> dict[str, dict[str, Any]]:
    """One thing behind each address that names one."""
    from openroads.directory.company import COMPANY, Brand, Company, Product
    from openroads.directory.models import Account, Membership, Team

    Company.objects.create(pk=COMPANY, name="Windmee")
    brand = Brand.objects.create(name="Windmee")
    product = Product.objects.create(brand=brand, name="Kade")
    account = Account.objects.create(network="x", handle="windmee")
    team = Team.objects.create(name="Webcare")
    Membership.objects.create(person=cast["ilse"], team=team)
    source = Source.objects.create(
        kind="feed", name="Blog", address="https://blog.example/feed", brand=brand
    )
    searched = Source.objects.create(
        kind="network", network="hackernews", name="HN", told={"topic": "windmee", "days": "30"}
    )
    pushed = Source.objects.create(kind="push", network="web", name="Tickets")
    PushAddress.objects.create(source=pushed, public_id="tickets", secret="whsec_AAAA")
    hooks = {"facebook": "page", "trustpilot": "shop"}
    for network, number in hooks.items():
        hooked = Source.objects.create(kind="network", network=network, name=network)
        PushAddress.objects.create(source=hooked, public_id=number, secret="word")
    payload = Payload.objects.create(source=pushed, deed="d", digest="x", came_at=timezone.now())
    item = Import.objects.create(
        name="posts.csv", path="/nowhere", state=Import.State.DONE, source=source
    )
    text = BrandText.objects.create(
        brand=brand,
        source=source,
        title="Kade",
        text="Freedom.",
        digest="x",
        valid_from="2026-01-01",
    )
    view = SavedView.objects.create(name="Winter", query="", by=cast["ilse"])
    event = Event.objects.create(on="2026-01-01", what="Frost")
    topic = Topic.objects.create(name="Battery", by=cast["sanne"])
    version = TopicVersion.objects.create(
        topic=topic, number=1, text="battery", canonical="battery", by=cast["sanne"]
    )
    Filing.objects.create(version=version)
    moment = timezone.now()
    pattern = Pattern.objects.create(
        series=f"brand:{brand.pk}", what="brand", brand=brand, shown="Windmee", since=moment, until=moment
    )  # fmt: skip
    rule = AlertRule.objects.create(team=team, by=cast["sanne"])
    subscription = Subscription.objects.create(
        name="Battery", team=team, topic=topic, by=cast["ilse"]
    )
    digest = Digest.objects.create(
        subscription=subscription, person=cast["ilse"], key="x", posts=1,
        since="2026-01-01", until="2026-01-02",
    )  # fmt: skip
    hour = Hour.objects.create(team=team, title="Winter", by=cast["ilse"])
    HourPost.objects.create(hour=hour, place=1, post=17, published_at="2026-01-01T10:00:00Z")
    export = Export.objects.create(by=cast["sanne"], query="")
    insight = Insight.objects.create(
        number=1, title="Winter costs range", opened_by=cast["ilse"],
        department=cast["tom"].grants.get().department,
    )  # fmt: skip
    golden = _golden_thread(cast, insight)
    promise = Promise.objects.create(
        name="Quiet", text="quiet", canonical="quiet", brand=brand, by=cast["sanne"]
    )
    action = SteeringAction.objects.create(
        on="2026-01-01", what="Bell", brand=brand, hope="more", by=cast["sanne"]
    )
    grant = cast["ilse"].grants.get()
    erasure = Erasure.objects.create(network="x", by=cast["ada"], state=Erasure.State.DONE)
    asked = PrivacyRequest.objects.create(
        asks="erase", network="x", handle="somebody", contact="s@example.org",
        came_at=timezone.now(), due_on=timezone.localdate(),
    )  # fmt: skip
    spell = Deafness.objects.create(source=source, began_at=timezone.now(), why="gone")
    given = SeesNames.objects.create(person=cast["noor"], why="x", since="2020-01-01", until="2020-02-01", by=cast["ada"])  # fmt: skip
    endpoint = Endpoint.objects.create(
        name="Tracker", address="https://tracker.example/", by=cast["ada"]
    )
    channel = Channel.objects.create(kind="mastodon", name="Windmee", by=cast["ada"])
    delivery = Delivery.objects.create(
        kind="mail", deed="a mail", recipient="a@windmee.example", by=cast["ada"]
    )
    key = ApiKey.objects.create(
        name="Finance", person=cast["daan"], digest="x", made_by=cast["ada"]
    )
    contact = Contact.objects.create()
    identity = Identity.objects.create(contact=contact, network="x", author=5)
    case = Case.objects.create(identity=identity, network="x", source=1, thread="t")
    message = Message.objects.create(
        case=case,
        seq=1,
        kind="ours",
        said_at=moment,
        by=cast["daan"],
        text="Hi",
        approval="asked",
        picture=b"GIF89a",
        picture_kind="image/gif",
    )
    triage = Rule.objects.create(name="All")
    told = {"by": cast["daan"], "language": "nl"}
    article = write_article(title="Laden", body="Vier uur.", **told)
    publish_article(by=cast["daan"], article=article)
    reply = propose_reply(
        title="Laden", code="laden", text="Vier uur.", expires_on=date(2099, 1, 1), **told
    )
    approach = Approach.objects.create(name="Laden", people="riders")
    question = ColleagueQuestion.objects.create(
        case=case, cycle=1, asked_by=cast["daan"], address="shop@windmee.example", words="?",
        due_on=timezone.localdate(),
    )  # fmt: skip
    hours = WorkCalendar.objects.create(name="Webcare")
    WorkCalendarVersion.objects.create(
        calendar=hours, number=1, zone="UTC", always=True, set_by=cast["noor"]
    )
    target = TargetPolicy.objects.create(name="Everybody")
    TargetPolicyVersion.objects.create(
        policy=target, number=1, first_minutes=60, calendar=hours, set_by=cast["noor"]
    )
    _a_success_and_a_spotlight(cast)
    ids = {
        "spotlight": Spotlight.objects.get().pk,
        "calendar_id": hours.pk,
        "policy_id": target.pk,
        "case": case.pk,
        "contact": contact.pk,
        "identity": identity.pk,
        "message": message.pk,
        "rule": triage.pk,
        "request_id": asked.pk,
        "spell_id": spell.pk,
        "given_id": given.pk,
        "notice_id": 1,
        "endpoint_id": endpoint.pk,
        "key_id": key.pk,
        "channel_id": channel.pk,
        "way": "mastodon",
        "delivery_id": delivery.pk,
        "grant_id": grant.pk,
        "import_id": item.pk,
        "erasure_id": erasure.pk,
        "source_id": source.pk,
        "network": "hackernews",
        "network_id": searched.pk,
        "text_id": text.pk,
        "pushed_id": pushed.pk,
        "payload_id": payload.pk,
        "source": "tickets",
        "person_id": cast["ilse"].pk,
        "brand_id": brand.pk,
        "product_id": product.pk,
        "account_id": account.pk,
        "part_id": team.pk,
        "kind": "team",
        "what": "days",
        "mark": "1780000000.000-17",
        "label_id": 1,
        "theme_id": 1,
        "written_id": 1,
        "aspect": "tone",
        "language": "en",
        "view_id": view.pk,
        "event_id": event.pk,
        "topic_id": topic.pk,
        "version_id": version.pk,
        "pattern_id": pattern.pk,
        "rule_id": rule.pk,
        "subscription_id": subscription.pk,
        "digest_id": digest.pk,
        "token": token_of(subscription, cast["ilse"]),
        "hour_id": hour.pk,
        "place": 1,
        "export_id": export.pk,
        "number": insight.number,
        **golden,
        "promise_id": promise.pk,
        "action_id": action.pk,
        "reply_id": reply.pk,
        "approach_id": approach.pk,
        "question_id": question.pk,
        "slug": "laden",
    }
    ids |= {"step": "language", "accent": "e4572e"}
    things = {name: {key: ids[key] for key in asked} for name, asked in addresses()}
    product_department = {"part_id": cast["tom"].grants.get().department_id}
    return things | {
        "directory:department": product_department,
        "directory:change_department": product_department,
        "web:welcome_step": {"step": "language"},
        "web:welcome": {},
        "api:meta": {"source": "page"},
        "api:trustpilot": {"source": "shop"},
        "colleague:answer": {"token": colleague_token(question)},
        "webcare:take": {"mark": "1780000000.000-17"},
        "public:you_said_feed": {"language": "nl"},
        "api:tracker": {"source": "door"},
        "changes:delegates": product_department,
        "changes:end_delegate": product_department | {"delegate_id": golden["delegate_id"]},
        "labels:table": {"aspect": "tone", "what": "parts"},
        **{name: {"source_id": searched.pk} for name in TABLE if name.startswith("spending:")},
    }


def _a_success_and_a_spotlight(cast: dict[str, Any]) -> None:
    """One that Ilse tells her colleagues; and Ida, shown to all because of it."""
    ilse, today = cast["ilse"], timezone.localdate()
    success = Success.objects.create(
        number=1, kind="lead", title="A test ride", on=today, owner=ilse, recorded_by=ilse, level="C",
        tell="colleagues", tell_by=ilse, tell_at=timezone.now(),
    )  # fmt: skip
    Spotlight.objects.create(
        person=cast["ida"], why="She helped.", since=today, until=date(2099, 1, 1), state="yes",
        success=success, asked_by=cast["daan"], answered_at=timezone.now(),
    )  # fmt: skip


def _golden_thread(cast: dict[str, Any], insight: Insight) -> dict[str, int]:
    """A live change that is being told, with the number of the insight that waits; ids by name."""
    tom, today = cast["tom"], timezone.localdate()
    decided = Insight.objects.create(
        number=2, title="The plug breaks", opened_by=tom, department=insight.department, state="yes"
    )
    yes = Decision.objects.create(insight=decided, answer="yes", reason="x", decided_by=tom)
    change = Change.objects.create(
        number=insight.number, insight=decided, decision=yes, title="Plug", owner=tom, opened_by=tom,
        department=insight.department, first_due_on=today, due_on=today, live_on=today, state="live",
    )  # fmt: skip
    telling = Telling.objects.create(change=change, texts={"en": "x"}, begun_by=tom)
    door = TrackerDoor.objects.create(name="T", public_id="door", secret="whsec_AAAA", made_by=tom)
    return {
        "told_id": Told.objects.create(telling=telling, network="x").pk,
        "door_id": door.pk,
        "move_id": TrackerMove.objects.create(change=change, door=door, deed="d", status="Done").pk,
        "delegate_id": Delegate.objects.create(
            department=insight.department, person=cast["ilse"], until="2020-01-01", given_by=tom
        ).pk,
    }


def _address(name: str, things: dict[str, dict[str, Any]]) -> str:
    return reverse(name, kwargs=things[name])


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(
    role: str, cast: dict[str, Any], things: dict[str, dict[str, Any]], signed_in: Any
) -> None:
    browser = signed_in(cast[role])
    for name, who in sorted(TABLE.items()):
        address = _address(name, things)
        status = browser.get(address).status_code
        if who == KEYED:
            assert status == 401, f"{role} gets {status} at {address} without a key"
        elif who in (OPEN, SIGNED) or role in who:
            assert status not in (401, 403, 500), f"{role} gets {status} at {address}"
        else:
            assert status in (403, 404, 405), f"{role} gets {status} at {address}"


def test_a_stranger_is_sent_to_the_login_page(things: dict[str, dict[str, Any]]) -> None:
    for name, who in TABLE.items():
        answer = Client().get(_address(name, things))
        to_login = answer.headers.get("Location", "").startswith("/account/login/")
        assert answer.status_code != 500, name
        assert to_login is (who not in (OPEN, SIGNED, KEYED)), name


def test_a_deed_without_its_token_is_refused(
    cast: dict[str, Any], things: dict[str, dict[str, Any]]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["ada"])
    signed = {"culture:leave"}  # its address is signed, and mail programs send it
    for name, who in TABLE.items():
        if name in signed:
            continue
        refused = (401,) if who in (SIGNED, KEYED) else (403, 405)
        assert client.post(_address(name, things)).status_code in refused, name


@pytest.mark.parametrize("role", ["ida", "marloes", "omar"])
def test_a_deed_by_who_may_not_is_refused_and_changes_nothing(
    role: str, cast: dict[str, Any], things: dict[str, dict[str, Any]], signed_in: Any
) -> None:
    deeds = [
        name
        for name, allowed in TABLE.items()
        if allowed in (LISTENERS, LABELLERS, ADMINISTRATORS, PEOPLE, AGENTS)
    ]
    before = (Source.objects.count(), BrandText.objects.count(), Import.objects.count())
    for name in deeds:
        assert signed_in(cast[role]).post(_address(name, things)).status_code in (403, 404, 405), (
            name
        )
    assert (Source.objects.count(), BrandText.objects.count(), Import.objects.count()) == before
