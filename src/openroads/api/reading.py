"""Conversations, insights and changes for programs that read: lists page by page, and single ones."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse

from openroads.api import telling
from openroads.api.asking import Asked, Page, asked, nothing_asked, page_of
from openroads.api.keys import Reader, read_by_key
from openroads.api.problems import problem
from openroads.archive.networks import LABELS
from openroads.changes import change_queries as changes_room
from openroads.changes import queries as insights_room
from openroads.changes.models import Change, Insight
from openroads.listening.topics.queries import topic_names
from openroads.webcare import queries as cases_room
from openroads.webcare.models import Case, Message
from openroads.webcare.pages import product_names
from openroads.webcare.words import last_words_of, words_of

CASE_FILTERS = {
    "state": Case.State.values, "kind": Case.Kind.values, "network": tuple(LABELS), "team": (),
}  # fmt: skip
INSIGHT_FILTERS = {"state": Insight.State.values, "department": ()}
CHANGE_FILTERS = {"state": Change.State.values, "department": ()}


@read_by_key("cases")
def cases(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Conversations this reader may see, the newest first; one that went on in another is not told apart."""
    view = asked(request.GET, CASE_FILTERS)
    page = page_of(cases_room.cases_for(reader.person).filter(merged_into=None), view, "pk")
    around = _around(page.rows, reader, ())
    return _listed(request, view, page, [telling.case_told(case, around) for case in page.rows])


@read_by_key("cases")
def case(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One conversation with what was said in it."""
    nothing_asked(request.GET)
    found = cases_room.cases_for(reader.person).filter(pk=number).first()
    if found is None:
        return _absent("conversation")
    messages = [one for one in cases_room.messages_of(found) if one.taken_back_at is None]
    around = _around([found], reader, messages)
    said = [telling.message_told(one, around) for one in messages]
    return JsonResponse({**telling.case_told(found, around), "messages": said})


@read_by_key("insights")
def insights(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Insights this reader may see, the newest first."""
    view = asked(request.GET, INSIGHT_FILTERS)
    page = page_of(insights_room.insights_for(reader.person).select_related("change"), view, "number")  # fmt: skip
    told = [telling.insight_told(one, getattr(one, "change", None)) for one in page.rows]
    return _listed(request, view, page, told)


@read_by_key("insights")
def insight(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One insight with what it rests on and what was decided."""
    nothing_asked(request.GET)
    found = insights_room.with_evidence(insights_room.insights_for(reader.person)).filter(number=number).first()  # fmt: skip
    if found is None:
        return _absent("insight")
    return JsonResponse({
        **telling.insight_told(found, insights_room.change_of(found)),
        "explanation": found.explanation or None,
        "evidence": [telling.evidence_told(one, words=reader.names) for one in found.evidence.all()],
        "decisions": [telling.decision_told(one) for one in insights_room.decisions_of(found)],
    })  # fmt: skip


@read_by_key("changes")
def changes(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Changes this reader may see, the newest first."""
    view = asked(request.GET, CHANGE_FILTERS)
    page = page_of(changes_room.changes_for(reader.person), view, "number")
    return _listed(request, view, page, [telling.change_told(one) for one in page.rows])


@read_by_key("changes")
def change(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One change with how it was measured again and how many heard of it."""
    nothing_asked(request.GET)
    found = changes_room.whole(changes_room.changes_for(reader.person)).filter(number=number).first()  # fmt: skip
    if found is None:
        return _absent("change")
    return JsonResponse({
        **telling.change_told(found),
        "measurements": [telling.measurement_told(one) for one in found.measurements.all()],
        "told_back": telling.reach_told(changes_room.reach_of(found)),
    })  # fmt: skip


def _listed(
    request: HttpRequest, view: Asked, page: Page, told: list[telling.Told]
) -> HttpResponse:
    following = view.next_address(request.path, page.last) if page.last is not None else None
    return JsonResponse({"items": told, "next": following})


def _absent(what: str) -> HttpResponse:
    return problem(404, f"There is no such {what} for this key.")


def _around(cases: Sequence[Case], reader: Reader, messages: Sequence[Message]) -> telling.Around:
    """What these cases are told with; the archive is asked for words only where the reader may have them."""
    filed = any(case.topics for case in cases)
    names = {pk: topic.name for pk, topic in topic_names().items()} if filed else {}
    products = product_names({case.product for case in cases if case.product is not None})
    if not reader.names:
        return telling.Around(names, products)
    posts = words_of(telling.posts_wanted(messages)) if messages else {}
    return telling.Around(names, products, posts, last_words_of(cases))
