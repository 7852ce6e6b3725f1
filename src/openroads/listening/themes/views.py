"""The page of themes, and asking for them to be made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.archive.queries.gap import Term
from openroads.archive.queries.gap import terms as terms_of
from openroads.archive.queries.newest import PlaceFound, newest_places, quotes_in
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening import queries as room
from openroads.listening.drilling import telling
from openroads.listening.explore.asking import sieve_of
from openroads.listening.filters import offered
from openroads.listening.language_model.part import may_ask_now, written_parts
from openroads.listening.language_model.policy import may_judge_label
from openroads.listening.remembering import remembered
from openroads.listening.sight.seeing import sight_of
from openroads.listening.themes import actions, queries
from openroads.listening.themes.models import MonthTheme
from openroads.listening.themes.page import chosen_words, month_filter, themes_page
from openroads.listening.topics.policy import may_define_topics

GLANCE, QUOTES = 12, 2


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """What a month is about, as far as counting can tell."""
    person = _reader(request)
    own = [brand for brand in offered(room.brands()) if brand.own]
    told = request.GET.get("brand", "")
    brand = next((each for each in own if str(each.pk) == told), own[0] if own else None)
    rows = queries.themes_for(person, brand.pk) if brand else []
    month = queries.month_of(rows, request.GET.get("month", ""))
    of_month = [row for row in rows if row.month == month]
    wanted = sorted({int(term) for row in of_month for term, _weight in row.words})
    terms = {term.id: term for term in terms_of(archive(), wanted)} if wanted else {}
    number = brand.pk if brand else 0
    sight = sight_of(person)
    words = {row: chosen_words(row, terms) for row in of_month}
    quotes = {row.pk: sight.posts(posts) for row, posts in _quotes(words, number).items()}
    context = {
        "page": themes_page(
            rows,
            month,
            terms,
            quotes,
            brand=number,
            written=written_parts(person, of_month, number, month),
        ),
        "brand": brand,
        "may_make": may_define_topics(person),
        "may_ask": may_ask_now(person),
        "may_judge": may_judge_label(person),
    }
    return render(request, "listening/themes/themes.html", context)


def _quotes(
    themes: Mapping[MonthTheme, Sequence[Term]], brand: int
) -> dict[MonthTheme, list[Quote]]:
    """Some posts of each theme; where they stand is remembered, what they say is read afresh."""
    asked = [(row.pk, [word.id for word in words]) for row, words in themes.items()]
    places = remembered(
        f"posts of themes:{brand}:{asked}",
        lambda: [_places(row, brand, words) for row, words in themes.items()],
    )
    found = quotes_in(archive(), places)
    return {row: telling(posts, QUOTES) for row, posts in zip(themes, found, strict=True)}


def _places(row: MonthTheme, brand: int, words: Sequence[Term]) -> list[PlaceFound]:
    """Posts with the first words of a theme; with the first alone where no post has two."""
    for count in (2, 1):
        if len(words) < count:
            continue
        sieve = replace(
            sieve_of(month_filter(row, brand, ())), terms=tuple(word.id for word in words[:count])
        )
        found = newest_places(archive(), sieve.scope, sieve.sql(), sieve.params(), limit=GLANCE)
        if found:
            return found
    return []


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Put making them in line."""
    actions.ask_themes(by=_reader(request))
    messages.success(request, _("The themes are being made; this takes a minute or so."))
    return redirect("themes:themes")
