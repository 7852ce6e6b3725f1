"""Names are seen by who answers; a canary walks through every page, file and log and is seen nowhere else."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from openroads.analysis.pseudonyms import pseudonym
from openroads.archive.batch import author_key
from openroads.directory.models import Person
from openroads.listening.gap_queries import mark_of
from openroads.listening.models import Import, SavedView, SeesNames, Topic
from openroads.listening.sight.seeing import Sight
from tests.conftest import on_the_payroll
from tests.listening import corpus
from tests.web.test_matrix import addresses

HANDLE, NAME = "canaria.vogel", "Kanarie Zeldzaam"
CANARIES = (HANDLE, NAME, NAME.lower(), "canaria", "zeldzaam")
PERIOD = f"brand=0&since={corpus.FIRST}&until={corpus.LAST}"
HEAD = "id,created_at,network,author,author_name,url,title,text"
UNSIGHTED = ("noor", "sanne", "fleur", "ilse", "tom", "omar", "ida", "marloes", "ada")
ROLES = {
    "noor": "conversation_manager", "sanne2": "listener", "fleur": "editor", "ilse": "champion",
    "tom": "department_head", "omar": "decision_maker", "ida": "employee", "marloes": "customer",
    "ada": "administrator", "daan": "webcare_agent",
}  # fmt: skip


def canary_posts() -> str:
    """Enough by the canary that it wrote most, one that names itself, and one by somebody else who
    addresses it."""
    sentences = corpus.Sentences(99)  # far enough apart that no two look like copies
    own = [
        f"c{n},2026-06-2{n}T10:00:00Z,bluesky,{HANDLE},{NAME},https://bsky.example/profile/{HANDLE}/post/{n},"
        f"By {NAME},{sentences.about('battery')} write to {HANDLE}@mail.example or see https://me.example/{HANDLE}/{n}. Greetings {NAME}"
        for n in range(1, 9)
    ]
    others = f"o1,2026-06-28T11:00:00Z,bluesky,somebody.else,Somebody Else,https://bsky.example/profile/{HANDLE}/post/9/reply,Re,@{HANDLE} my battery too says u/{HANDLE} @windmee"
    return "\n".join([HEAD, *own, others]) + "\n"


@pytest.fixture(scope="module")
def house(lasting_house: Any) -> dict[str, Any]:
    """A house that has heard the canary, with a view and a topic that name it."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports
    from openroads.listening.topics.actions import define_topic

    brand, sanne = lasting_house
    cast = {
        name: on_the_payroll(f"{name.title()} Cast", f"{name}@cast.example", role)
        for name, role in ROLES.items()
    }
    brought = []
    for name, content in (("posts.csv", corpus.posts_csv()), ("canary.csv", canary_posts())):
        item = imports.receive_file(by=sanne, name=name, content=[content.encode()], brand=brand)
        imports.start_import(by=sanne, item=item, purpose="What riders say")
        brought.append(item)
    work_off()
    waiting = imports.receive_file(
        by=sanne, name="again.csv", content=[canary_posts().encode()], brand=brand
    )
    daan = cast["daan"]
    SeesNames.objects.create(person=daan, why="x", since="2020-01-01", until="2020-01-02", by=daan)
    SavedView.objects.create(name="About one", query=f"{PERIOD}&q=author%3A{HANDLE}", by=daan, shared=True)  # fmt: skip
    manager = on_the_payroll("Both", "both@cast.example", "webcare_agent", "listener")
    topic = define_topic(by=manager, name="One rider", text=f"battery author:{HANDLE}")
    work_off()
    return {"cast": cast, "brand": brand, "waiting": waiting, "topic": topic, "brought": brought, "sanne": sanne}  # fmt: skip


@pytest.fixture
def browser_of(house: Any, db: None) -> Any:
    def browser(name: str) -> Client:
        client = Client()
        client.force_login(Person.objects.get(email=f"{name}@cast.example"))
        return client

    return browser


def text_of(answer: Any) -> str:
    """What an answer says, also where it is a PDF."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not body.startswith(b"%PDF"):
        return str(body.decode("utf-8", "replace"))
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not on this machine")
    return subprocess.run([tool, "-", "-"], input=body, capture_output=True, check=True).stdout.decode()  # fmt: skip


def every_page(house: dict[str, Any]) -> Iterator[str]:
    """Every address that can be looked at, with the days of the corpus, and the canary's own."""
    from openroads.analysis.query.parse import parse
    from openroads.archive.queries.newest import PlaceFound, quotes_at
    from openroads.archive.queries.search import ids_found
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive

    scope = Scope(corpus.FIRST, corpus.LAST.replace(day=30))
    query = parse(f"author:{HANDLE}").query
    assert query is not None
    places: list[PlaceFound] = ids_found(archive(), scope, query)
    assert len(places) == 8, "the canary is here"
    ids = {
        "topic_id": house["topic"].pk, "version_id": house["topic"].versions.get().pk,
        "import_id": house["waiting"].pk, "source_id": house["brought"][1].source_id or 0,
        "mark": mark_of(quotes_at(archive(), places[:1])[0]), "what": "days", "aspect": "tone",
        "language": "en", "kind": "team", "step": "language", "network": "hackernews",
        "accent": "e4572e",
    }  # fmt: skip
    for name, asked in addresses():
        kwargs = {key: ids.get(key, 1) for key in asked}
        if name == "labels:table":
            kwargs["what"] = "parts"
        yield f"{reverse(name, kwargs=kwargs)}?{PERIOD}"
    explore, posts = reverse("listening:explore"), reverse("listening:explore_posts")
    for place in (explore, posts, reverse("listening:gap"), reverse("listening:posts"), reverse("listening:gap_pdf")):  # fmt: skip
        yield f"{place}?{PERIOD}&word=battery"
    name = pseudonym(author_key("bluesky", HANDLE, archive().author_key))
    yield f"{posts}?{PERIOD}&q=author%3A{name}"
    yield f"{posts}?{PERIOD}&topic={house['topic'].pk}"
    yield f"{reverse('listening:rejected_rows', args=(house['brought'][1].pk,))}"
    yield f"{reverse('listening:import', args=(house['brought'][1].pk,))}"


def test_the_canary_is_seen_by_who_answers(house: Any, browser_of: Any) -> None:
    seen = text_of(browser_of("daan").get(f"{reverse('listening:explore_posts')}?{PERIOD}"))
    assert HANDLE in seen and NAME in seen, "or the walk below would prove nothing"
    assert NAME in text_of(browser_of("daan").get(f"{reverse('listening:explore')}?{PERIOD}"))
    assert "One rider" in text_of(browser_of("daan").get(reverse("listening:topics")))


@pytest.mark.parametrize("name", ["sanne2", "ada", "noor"])
def test_the_canary_is_nowhere_for_who_does_not(house: Any, browser_of: Any, name: str) -> None:
    browser, seen = browser_of(name), 0
    with structlog.testing.capture_logs() as logged:
        for address in every_page(house):
            if address.startswith("/account/"):
                continue
            answer = browser.get(address)
            said = text_of(answer)
            for canary in CANARIES:
                assert canary not in said, f"{canary} at {address} for {name}"
            seen += answer.status_code == 200
    assert seen > 40, "pages were looked at, not only refused"
    assert not any(canary in str(logged) for canary in CANARIES)


def test_the_canary_is_nowhere_for_a_program_either(house: Any, browser_of: Any) -> None:
    """An insight that rests on the canary's posts, read by a key of each role that was made with names."""
    from openroads.changes.models import Insight
    from openroads.delivery.keys.actions import make_key
    from openroads.delivery.keys.models import ApiKey
    from openroads.directory.models import Department

    department = Department.objects.create(name="Batteries")
    address = f"{reverse('culture:start')}?{PERIOD}&q=says"
    quotes = re.findall(r'name="quote" value="(\d+)"', text_of(browser_of("sanne2").get(address)))
    told = {"title": "Batteries in summer", "department": department.pk, "quote": quotes}
    browser_of("sanne2").post(address, told)
    insight = Insight.objects.get(title=told["title"])
    ada = Person.objects.get(email="ada@cast.example")
    for name in ROLES:
        person = Person.objects.get(email=f"{name}@cast.example")
        _key, token = make_key(by=ada, name="P", person=person, reads=ApiKey.Reads.values, names=True)  # fmt: skip
        client = Client(headers={"Authorization": f"Bearer {token}"})
        for address in ("cases", "insights", "changes", f"insights/{insight.number}"):
            said = text_of(client.get(f"/api/v1/{address}"))
            assert not any(canary in said for canary in CANARIES), (name, address)
            if name == "daan" and "/" in address:
                assert "my battery too" in said, "or this would prove nothing"


@pytest.mark.parametrize("name", ["fleur", "ilse", "tom", "omar", "ida", "marloes"])
def test_nor_for_the_other_roles_where_posts_are_shown(
    house: Any, browser_of: Any, name: str
) -> None:
    browser = browser_of(name)
    for place in ("web:home", "listening:explore", "listening:explore_posts", "listening:gap", "listening:posts", "listening:views", "listening:topics"):  # fmt: skip
        said = text_of(browser.get(f"{reverse(place)}?{PERIOD}&word=battery"))
        assert not any(canary in said for canary in CANARIES), (name, place)


def test_who_sees_no_names_sees_a_pseudonym_and_finds_by_it(house: Any, browser_of: Any) -> None:
    from openroads.directory.conversations import archive

    name = pseudonym(author_key("bluesky", HANDLE, archive().author_key))
    browser = browser_of("sanne2")
    page = text_of(browser.get(f"{reverse('listening:explore_posts')}?{PERIOD}&q=author%3A{name}"))
    assert "8 posts fit this sentence" in page and page.count(f"<b>{name}</b>") == 8
    assert "where it was said" not in page and "@windmee" not in page
    reply = text_of(browser.get(f"{reverse('listening:explore_posts')}?{PERIOD}&q=says"))
    assert "@somebody my battery too says @somebody @windmee" in reply


@pytest.mark.parametrize(
    "query", [f"author:{HANDLE}", "author:canar*", f"@{HANDLE}", "auteur:nobody"]
)
def test_asking_for_a_handle_confirms_nothing(house: Any, browser_of: Any, query: str) -> None:
    browser = browser_of("sanne2")
    answer = browser.get(reverse("listening:explore"), {"q": query})
    assert answer.status_code == 400 and "cannot be searched yet" in text_of(answer)
    checked = text_of(browser.get(reverse("listening:check_topic"), {"text": query}))
    assert "It finds" not in checked
    downloaded = browser.get(reverse("listening:explore_csv", args=("days",)), {"q": query})
    assert downloaded.status_code == 404
    compared = browser.get(reverse("listening:compare"), {"q": query})
    assert compared.status_code == 404


def test_a_topic_that_names_somebody_is_changed_by_who_sees_names(
    house: Any, browser_of: Any
) -> None:
    topic: Topic = house["topic"]
    page = text_of(browser_of("sanne2").get(reverse("listening:topic", args=(topic.pk,))))
    assert "•••" in page and "battery" in page
    change = reverse("listening:change_topic", args=(topic.pk,))
    assert browser_of("sanne2").get(change).status_code == 403
    from openroads.listening.topics.actions import change_query, define_topic

    person = Person.objects.get(email="sanne2@cast.example")
    with pytest.raises(ValidationError):
        change_query(by=person, topic=topic, text=f"author:{HANDLE}")
    with pytest.raises(ValidationError):
        define_topic(by=person, name="One", text="author:amber-otter-042")


def test_the_rows_of_a_file_are_for_who_brought_it_and_who_sees_names(
    house: Any, browser_of: Any
) -> None:
    item: Import = house["waiting"]
    address = reverse("listening:import", args=(item.pk,))
    own = Client()
    own.force_login(house["sanne"])
    assert NAME in text_of(own.get(address)), "her own file is hers to check"
    assert browser_of("sanne2").get(address).status_code == 403
    assert browser_of("ada").post(address, {"start": "1"}).status_code == 403


def test_a_text_is_masked_where_a_machine_can_tell() -> None:
    sight = Sight(False, frozenset({"windmee"}))
    said = "Hi @Jan_de.Boer@mas.to and @windmee, see https://x.example/jan/1?a=b or www.jan.example or mail jan@jan.example; u/jan"
    shown = sight.text(said)
    assert shown == (
        "Hi @somebody and @windmee, see https://x.example/… or www.jan.example or mail (mail address); @somebody"
    )
    assert sight.text("10@20 a @ b") == "10@20 a @ b"
    assert Sight(True).text(said) == said


@pytest.fixture(autouse=True)
def _no_answers() -> Iterator[None]:
    yield
    caches["answers"].clear()
