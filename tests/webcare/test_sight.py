"""Who meets what was said in a case, and who does not: every person by every door, with words to recognise.

Four people wrote, one case each: to nobody's team and to the PR desk, in public and in private. In each case
their words, a note, an answer and a question to a colleague bear a word of that case alone.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from openroads.archive.queries.cases import collected_after
from openroads.delivery.keys.actions import make_key
from openroads.delivery.models import ApiKey, Notice
from openroads.directory.conversations import archive
from openroads.directory.models import Team
from openroads.webcare import contacts, queries
from openroads.webcare.actions.drafting import keep_draft
from openroads.webcare.actions.knowing import join_contacts
from openroads.webcare.actions.moving import hand_case
from openroads.webcare.actions.noting import add_note
from openroads.webcare.actions.taking_in import take_in, take_post
from openroads.webcare.approach.actions.asking import ask_colleague
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.asking import asked, found_by
from openroads.webcare.models import Case, Draft, Message
from openroads.webcare.rules.models import Rule
from openroads.webcare.words import mark_of
from tests.webcare.test_replying import replied, sent

pytestmark = pytest.mark.django_db
OPEN, DESK, MAIL, DESK_MAIL = "kanarieplein", "kanariepers", "kanariebrief", "kanariepersbrief"
EVERYTHING = frozenset({OPEN, DESK, MAIL, DESK_MAIL})
OF_THE_DESK = frozenset({DESK, DESK_MAIL})
OTHERS = ("noor", "sanne", "tom", "omar", "ida", "marloes", "ada")
QUEUES = ("todo", "mine", "waiting", "snoozed", "approve", "all", "closed")
_WORD = re.compile(r"\bkanarie\w+")


@pytest.fixture
def cases(lands: Any, practice: Any, daan: Any, bram: Any, tom: Any) -> dict[str, Case]:
    """The four cases, by their word. The two public writers bear one name, and so do the two of mail."""
    desk = Team.objects.get(name="PR desk")
    told = (
        (OPEN, "bluesky", "jansen.a", "Kim Jansen"),
        (DESK, "bluesky", "jansen.b", "Kim Jansen"),
        (MAIL, "mail", "vos@een.example", "Sam de Vos"),
        (DESK_MAIL, "mail", "vos@twee.example", "Sam de Vos"),
    )
    for word, network, author, name in told:
        lands(f"@windmee waarom {word}?", network=network, author=author, name=name, native=f"<{word}@x.example>")  # fmt: skip
    take_in()
    found = {}
    for message in Message.objects.select_related("case"):
        post = next(one for one in posts() if one.id == message.post)
        (word,) = _WORD.findall(post.text)
        found[word] = message.case
    for word in OF_THE_DESK:
        hand_case(by=daan, case=found[word], team=desk, person=None)
    for word, case in found.items():
        case.refresh_from_db()
        add_note(by=daan, case=case, text=f"Notitie {word} voor @Bram Postma")
        ask_colleague(by=daan, case=case, words=f"Vraag {word}?", due_on=timezone.localdate() + timedelta(days=2), to=tom)  # fmt: skip
        replied(case, daan, f"Antwoord {word}", private=case.kind == "private", then="todo")
        keep_draft(by=daan, case=case, text=f"Concept {word}", kind="note", seen=9)
    sent()
    for word, case in found.items():
        # Not a picture anybody could look at, but its bytes tell whose it is.
        case.messages.filter(kind="ours").update(picture=word.encode(), picture_kind="image/png")
        case.refresh_from_db()
    return found


def posts() -> Any:
    now = timezone.now()
    days = {"since": now.date() - timedelta(days=2), "until": now.date() + timedelta(days=2)}
    return collected_after(archive(), now - timedelta(days=1), 0, limit=100, **days)


def met(browser: Client, *addresses: str) -> frozenset[str]:
    """The words somebody meets at some addresses; a page that does not exist for them shows none."""
    found: set[str] = set()
    for address in addresses:
        answer = browser.get(address, follow=True)
        assert answer.status_code in (200, 403, 404), (address, answer.status_code)
        found |= set(_WORD.findall(answer.getvalue().decode()))
    return frozenset(found)


def doors(cases: dict[str, Case]) -> dict[str, list[str]]:
    """Every page on which something of a case can stand."""
    desk = Team.objects.get(name="PR desk")
    numbers = [case.pk for case in cases.values()]
    answers = Message.objects.filter(kind=Message.Kind.OURS).values_list("pk", flat=True)
    people = [case.identity.contact_id for case in cases.values()]
    return {
        "queues": [f"/answer/inbox/?queue={name}" for name in (*QUEUES, f"team-{desk.pk}")],
        "words": [f"/answer/inbox/?q={word}" for word in ("waarom", "antwoord", "notitie")],
        "number": [f"/answer/inbox/?q={quote(f'#{number}')}" for number in numbers],
        "case": [f"/answer/cases/{number}/" for number in numbers],
        "note being written": [f"/answer/cases/{number}/?write=note" for number in numbers],
        "beside": [f"/answer/cases/{number}/beside/" for number in numbers],
        "hand, close, split and join": [
            f"/answer/cases/{number}/{deed}/"
            for number in numbers
            for deed in ("hand", "merge", "split", "insight", "snooze", "elsewhere", "ask", "approach")
        ],
        "contact": [f"/answer/people/{number}/" for number in people],
        "export": [f"/answer/people/{number}/?as=json" for number in people],
        "take": [f"/answer/take/{mark_of(post)}/" for post in posts()],
        "questions": ["/answer/questions/"],
        "question": [f"/answer/questions/{one.pk}/" for one in ColleagueQuestion.objects.all()],
        "article": [f"/answer/articles/add/?message={number}" for number in answers],
        "picture": [f"/answer/messages/{number}/picture/" for number in answers],
        "state": [f"/answer/messages/{number}/state/" for number in answers],
        "refuse": [f"/answer/messages/{number}/refuse/" for number in answers],
        "rules' log": ["/answer/rules/log/"],
        "rules' trial": [f"/answer/rules/{rule.pk}/try/" for rule in Rule.objects.all()],
        "figures": ["/answer/figures/", "/answer/figures/weeks.csv"],
        "articles": ["/answer/articles/", "/answer/saved/", "/answer/approach/"],
        "palette": ["/menu/", "/menu/?q=waarom"],
        "home": ["/"],
    }  # fmt: skip


SHOWS_WORDS = frozenset(
    {
        "queues", "words", "number", "case", "note being written", "contact", "export", "take",
        "questions", "question", "article", "refuse", "beside", "hand, close, split and join", "picture",
        "home",
    }
)  # fmt: skip
"""The doors behind which words stand for who may see them; behind the others there are none for anybody."""


def test_who_answers_everywhere_meets_everything_and_of_a_team_only_its_own(
    cases: dict[str, Case], daan: Any, bram: Any, signed_in: Callable[[Any], Client]
) -> None:
    everywhere, of_the_desk = signed_in(daan), signed_in(bram)
    for door, addresses in doors(cases).items():
        seen = EVERYTHING if door in SHOWS_WORDS else frozenset()
        if door == "rules' trial":
            seen = frozenset()  # for who leads
        assert met(everywhere, *addresses) == seen, f"Daan at {door}"
        assert met(of_the_desk, *addresses) == seen & OF_THE_DESK, f"Bram at {door}"


@pytest.mark.parametrize("name", OTHERS)
def test_who_does_not_answer_meets_nothing_of_a_case(
    cases: dict[str, Case], cast: dict[str, Any], name: str, signed_in: Callable[[Any], Client]
) -> None:
    browser = signed_in(cast[name])
    for door, addresses in doors(cases).items():
        assert met(browser, *addresses) == frozenset(), f"{name} at {door}"


API = ("/api/v1/cases", "/api/v1/insights", "/api/v1/changes")


def by_key(ada: Any, person: Any, *, names: bool) -> Client:
    """A program with a key that reads everything this person sees."""
    _key, token = make_key(by=ada, name="P", person=person, reads=ApiKey.Reads.values, names=names)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_key_meets_what_its_person_meets_and_without_sight_no_word_and_no_name(
    cases: dict[str, Case], cast: dict[str, Any], ada: Any
) -> None:
    """The same walk by the doors for programs. Without sight nothing of anybody's words stands there, not of
    ours either: an answer begins with a name."""
    single = [f"/api/v1/cases/{case.pk}" for case in cases.values()]
    everything = {"daan": EVERYTHING, "bram": OF_THE_DESK}
    for name, person in cast.items():
        seen = everything.get(name, frozenset())
        for names in (True, False):
            program = by_key(ada, person, names=names)
            assert met(program, *single, *API) == (seen if names else frozenset()), (name, names)
            numbers = {one["number"] for one in program.get(API[0]).json()["items"]}
            assert numbers == {cases[word].pk for word in seen}, name
            told = "".join(program.get(address).content.decode() for address in (*single, *API))
            for called in ("Jansen", "jansen.", "Vos", "vos@"):
                assert (called in told) is (names and bool(seen)), (name, called)


def test_what_is_sent_to_a_case_of_others_finds_none(
    cases: dict[str, Case], cast: dict[str, Any], signed_in: Callable[[Any], Client]
) -> None:
    hidden = [cases[OPEN], cases[MAIL]]
    deeds = ("there", "reply", "draft", "claim", "take-over", "release", "close", "reopen", "no-answer", "priority", "use")  # fmt: skip
    before = (Message.objects.count(), Draft.objects.count(), Case.objects.filter(state="closed").count())  # fmt: skip
    for name in ("bram", *OTHERS):
        browser = signed_in(cast[name])
        for case in hidden:
            for deed in deeds:
                told = {"text": "Woorden", "kind": "note", "key": f"{name}{deed}{case.pk}"}
                answer = browser.post(f"/answer/cases/{case.pk}/{deed}/", told)
                assert answer.status_code == (404 if name == "bram" else 403), (name, deed)
            for message in case.messages.filter(kind="ours"):
                for deed in ("take-back", "approve"):
                    answer = browser.post(f"/answer/messages/{message.pk}/{deed}/")
                    assert answer.status_code == (404 if name == "bram" else 403), (name, deed)
        answer = browser.post("/answer/inbox/many/", {"case": [one.pk for one in hidden], "do": "close"})  # fmt: skip
        assert answer.status_code == (302 if name == "bram" else 403)
    assert before == (Message.objects.count(), Draft.objects.count(), Case.objects.filter(state="closed").count())  # fmt: skip


def test_counts_and_figures_are_of_what_one_sees(
    cases: dict[str, Case], daan: Any, bram: Any, noor: Any, signed_in: Callable[[Any], Client]
) -> None:
    from datetime import date

    from openroads.webcare.figures.queries import asked_of, reading

    def count(person: Any) -> int:
        return queries.standing_for(person, timezone.now()).counts["all"]

    assert [count(one) for one in (daan, bram, noor)] == [4, 2, 0]
    assert [queries.waiting_for(one) for one in (daan, bram, noor)] == [4, 2, 0]

    def moments(person: Any) -> int:
        until: date = timezone.localdate()
        return sum(one.came for one in reading(person, asked_of(person, None, until, None, "", "")).moments)  # fmt: skip

    # Before they were handed over these words came in to nobody's team, and figures keep that.
    assert moments(daan) == moments(noor) == 4
    assert moments(bram) == 0


def test_a_draft_is_its_writers(
    cases: dict[str, Case], bram: Any, signed_in: Callable[[Any], Client]
) -> None:
    page = signed_in(bram).get(f"/answer/cases/{cases[DESK].pk}/?write=note").content.decode()
    assert f"Notitie {DESK}" in page and "Concept" not in page


def test_only_who_may_see_a_case_is_told_of_it(cases: dict[str, Case], bram: Any) -> None:
    told = " ".join(f"{one.title} {one.text}" for one in Notice.objects.filter(to=bram))
    assert set(_WORD.findall(told)) == OF_THE_DESK
    others = Notice.objects.exclude(to=bram).values_list("title", "text")
    assert not _WORD.findall(str(list(others)))


def test_one_person_in_two_cases_shows_only_what_was_said_in_ours(
    cases: dict[str, Case], daan: Any, bram: Any, signed_in: Callable[[Any], Client]
) -> None:
    contact = cases[DESK].identity.contact
    for word in (OPEN, MAIL):
        cases[word].identity.refresh_from_db()
        contact = join_contacts(by=daan, contact=cases[word].identity.contact, into=contact, how="Order 1")  # fmt: skip
    pages = (f"/answer/people/{contact.pk}/", f"/answer/people/{contact.pk}/?as=json")
    assert met(signed_in(daan), *pages) == {OPEN, MAIL, DESK}
    assert met(signed_in(bram), *pages) == {DESK}
    assert met(signed_in(bram), f"/answer/cases/{cases[DESK].pk}/") == OF_THE_DESK


def test_nobody_is_suggested_who_is_in_no_case_of_ours(
    cases: dict[str, Case], daan: Any, bram: Any
) -> None:
    contact = cases[DESK].identity.contact
    suggested = {
        person: [one.contact for one in contacts.suggested_for(person, contact, contacts.accounts_of(person, contact))]
        for person in (daan, bram)
    }  # fmt: skip
    assert suggested == {daan: [cases[OPEN].identity.contact], bram: []}


def test_who_makes_a_post_a_case_sees_it_and_takes_none_of_others(
    cases: dict[str, Case], lands: Any, bram: Any, noor: Any, signed_in: Callable[[Any], Client]
) -> None:
    from django.core.exceptions import PermissionDenied

    lands("Mijn buurman zegt dat zijn Kade kraakt.", author="buur", native="x")
    lands("Mijn Kade kraakt.", author="buur@x.example", native="<y@x>", network="mail")
    free, private = [one for one in posts() if "kraakt" in one.text and not _WORD.search(one.text)]
    if free.network == "mail":
        free, private = private, free
    browser = signed_in(bram)
    made = browser.post(f"/answer/take/{mark_of(free)}/")
    assert browser.get(made.url).status_code == 200
    assert Case.objects.latest("pk").team == Team.objects.get(name="PR desk")
    assert browser.post(f"/answer/take/{mark_of(private)}/").status_code == 404
    with pytest.raises(PermissionDenied):
        take_post(by=noor, post=private)


def test_a_queue_that_is_asked_for_by_address_shows_no_more(cases: dict[str, Case], bram: Any) -> None:  # fmt: skip
    other = Team.objects.create(name="Billing")
    Case.objects.filter(pk=cases[OPEN].pk).update(team=other)
    assert list(found_by(asked({"queue": f"team-{other.pk}"}, bram), bram)) == []
