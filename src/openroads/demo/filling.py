"""Filling the demo company: people, names, texts and posts, through the same doors everybody uses."""

import csv
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.connectors.pagetext import PageText
from openroads.connectors.port import Page
from openroads.demo import company, people
from openroads.demo.answers import fill_answers
from openroads.demo.champions import show_champions
from openroads.demo.culture import show_culture
from openroads.demo.ledger import fill_ledger
from openroads.demo.patterns import find_patterns
from openroads.demo.posts import windmee_posts
from openroads.demo.privacy import keep_register
from openroads.demo.pushed import push_tickets
from openroads.demo.readers import Meant, read_samples
from openroads.demo.reputation import fill_reputation
from openroads.demo.texts import windmee_texts
from openroads.demo.topics import make_topics, mark_events, place_posts
from openroads.demo.webcare import fill_inbox
from openroads.directory.actions import create_person, grant_role
from openroads.directory.company import COMPANY, Brand, Company, Product
from openroads.directory.conversations import archive
from openroads.directory.models import Account, Department, Membership, Person, Team
from openroads.directory.people import system_person
from openroads.listening import queries
from openroads.listening.actions.texts import learn_texts
from openroads.listening.analysing import analysed
from openroads.listening.models import Source
from openroads.ui.networks import network_word
from openroads.web.welcome import DEMO_MARK

Say = Callable[[str], None]
PAGE = 4_000
PAGES_AHEAD = 3
EDITION = 14
"""Raised when the demo company is made differently, so that one filled before is made anew."""


def mark_of(data: Path) -> dict[str, object]:
    """What a data directory says of the demo in it; empty when it holds none."""
    try:
        told = json.loads((data / DEMO_MARK).read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def is_current(data: Path, today: date) -> bool:
    """Whether the demo in `data` was made today by this edition."""
    told = mark_of(data)
    return told.get("today") == today.isoformat() and told.get("edition") == EDITION


def fill_demo(*, today: date, posts: int, say: Say) -> None:
    """Make Windmee as it stands on the morning of `today`. The mark that says so is written last."""
    data: Path = settings.OPENROADS.data
    (data / DEMO_MARK).write_text(json.dumps({"unfinished": True}))
    brand = make_company()
    made = make_people()
    say(f"{made} people work here.")
    learned = make_texts(brand, today)
    say(f"{learned} texts in which Windmee speaks of itself.")
    meant: Meant = {}
    count = make_posts(brand, today, posts, meant)
    say(f"{count} posts read, analysed and stored.")
    say(f"{push_tickets(brand, today)} tickets pushed by the service desk.")
    say(f"{read_samples(today, meant)} times somebody said what a post is.")
    fill_ledger(brand)
    mark_events(brand, today)
    say(f"{make_topics(brand)} topics, with every post filed under them.")
    say(f"{place_posts(meant)} times somebody said where a post belongs.")
    say(
        f"{fill_reputation(brand, today, posts)} more posts, about rivals and by those who are taken up; promises, steering, themes."
    )
    say(f"{find_patterns()} patterns found: what is louder than expected, and new words.")
    say(f"{keep_register(brand)} sources in the processing register.")
    say(f"{show_culture(brand, today)} insights and changes, and who listens to what.")
    answered, waiting = fill_inbox(today)
    say(f"{answered} cases answered in ten weeks, {waiting} waiting in the inbox.")
    articles, replies, approaches = fill_answers(today)
    say(f"{articles} articles, {replies} saved replies and {approaches} ways to answer.")
    say(
        f"{show_champions(today)} successes, two of them from compliments; a colleague in the spotlight."
    )
    told = {"today": today.isoformat(), "edition": EDITION, "posts": count}
    (data / DEMO_MARK).write_text(json.dumps(told))


@transaction.atomic
def make_company() -> Brand:
    """The company, its brand and products, its competitors."""
    Company.objects.update_or_create(
        pk=COMPANY,
        defaults={
            "name": company.COMPANY, "languages": ["nl", "en"],
            "customers_en": "riders", "customers_nl": "rijders",
            "accent": "#E4572E",
        },
    )  # fmt: skip
    brands = []
    for row in company.BRANDS:
        brand, _made = Brand.objects.update_or_create(
            name=row.name, defaults={"forms": list(row.forms), "own": row.own}
        )
        for product in row.products:
            forms = [f"={form}" for form in product.forms]
            Product.objects.update_or_create(
                brand=brand, name=product.name, defaults={"forms": forms}
            )
        brands.append(brand)
    return brands[0]


@transaction.atomic
def make_people() -> int:
    """Everybody who works at Windmee, with departments, teams, roles and the company's accounts."""
    system = system_person()
    by_email: dict[str, Person] = {}
    for row in people.PEOPLE:
        person = create_person(by=system, email=row.email, name=row.name, language="")
        by_email[row.email] = person
        department = team = None
        if row.department:
            department, _new = Department.objects.get_or_create(name=row.department)
        if row.team:
            team, _new = Team.objects.get_or_create(name=row.team, department=department)
        if department or team:
            Membership.objects.create(person=person, department=department, team=team)
        if row.role:
            grant_role(by=system, person=person, role=row.role)
        if department and row.role == "department_head":
            Department.objects.filter(pk=department.pk, head=None).update(head=person)
    for account in people.ACCOUNTS:
        Account.objects.create(
            network=account.network, handle=account.handle, owner=by_email.get(account.owner),
            backup=by_email.get(account.backup), purpose=account.purpose,
        )  # fmt: skip
    return len(by_email)


def make_texts(brand: Brand, today: date) -> int:
    """What Windmee says of itself, with from when to when."""
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.SITE, network="site", fingerprint="", address=company.SITE, brand=brand,
        defaults={
            "name": company.SITE.removeprefix("https://"), "voice": Source.Voice.BRAND,
            "listening": False, "last_ok_at": timezone.now(),
            "purpose": "What we say of ourselves, to compare with what riders say.",
        },
    )  # fmt: skip
    pages = (
        PageText(
            url=page.url, title=page.title, text=page.text, language=page.language,
            published_on=page.valid_from, valid_from=page.valid_from, valid_to=page.valid_to,
        )
        for page in windmee_texts(today)
    )  # fmt: skip
    return learn_texts(by=system_person(), source=source, brand=brand, pages=pages, today=today).new


def make_posts(brand: Brand, today: date, count: int, meant: Meant) -> int:
    """What people say, network by network, through the same analysis and ingest as an import; `meant`
    is filled with how each post was meant."""
    sources: dict[str, Source] = {}
    own = queries.own_handles()
    done = 0
    pages = _made_ahead(_pages(windmee_posts(today, count, meant=meant)))
    for page, analysis in analysed(pages, queries.reader(), count):
        network = page.messages[0].network
        if network not in sources:
            sources[network] = _source(network, brand)
        origin = Origin(sources[network].pk, "customer", brand.pk, own)
        ingest(archive(), page.messages, analysis, origin, now=timezone.now())
        done += len(page.messages)
    return done


def _pages(messages: Iterator[Message]) -> Iterator[Page]:
    """Pages of one network each: an ingest has one source."""
    waiting: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        waiting[message.network].append(message)
        if len(waiting[message.network]) >= PAGE:
            yield Page(waiting.pop(message.network), "", [])
    for rest in waiting.values():
        yield Page(rest, "", [])


def _made_ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """The same pages, written by a thread while the engine, which lets other threads go on, stores
    those before."""
    with ThreadPoolExecutor(1) as writer:
        coming = deque(writer.submit(next, pages, None) for _ in range(PAGES_AHEAD))
        while (page := coming.popleft().result()) is not None:
            coming.append(writer.submit(next, pages, None))
            yield page


def _source(network: str, brand: Brand) -> Source:
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.FILE, network=network, fingerprint="demo", address="", brand=brand,
        defaults={
            "name": network_word(network), "last_ok_at": timezone.now(),
            "purpose": "What riders say in public about our bikes, to make them better.",
        },
    )  # fmt: skip
    return source


def write_samples(folder: Path, *, today: date, posts: int = 2_000) -> list[Path]:
    """Two files to try things out with: what riders post, and what Windmee says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    said, ours = folder / "posts.csv", folder / "texts.csv"
    with said.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "created_at", "network", "author", "text", "url", "repost", "likes"])
        for each in windmee_posts(today, posts):
            writer.writerow(
                [each.native_id, each.said_at.isoformat(), each.network, each.author, each.text,
                 each.url, "yes" if each.repost else "no", "" if each.likes is None else each.likes]
            )  # fmt: skip
    with ours.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["url", "title", "text", "language", "valid_from", "valid_to"])
        for page in windmee_texts(today):
            writer.writerow([page.url, page.title, page.text, page.language, page.valid_from, page.valid_to or ""])  # fmt: skip
    return [said, ours]
