"""The inbox: its queues, one case, and what many cases at once are done with."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person, Team
from openroads.ui.formats import listed, number
from openroads.webcare import pages, policy, queries
from openroads.webcare.actions import claiming, moving, taking_in
from openroads.webcare.answerable import way_of
from openroads.webcare.asking import Asked, asked, found_by, queue_words
from openroads.webcare.clocks.words import length_words
from openroads.webcare.forms import moment_of
from openroads.webcare.golden import insights_of
from openroads.webcare.models import Case
from openroads.webcare.satisfaction.queries import surveys_of
from openroads.webcare.words import last_words_of, others_in_thread, post_of_mark, words_of

TABS = ("todo", "waiting", "all")
WRITES = ("public", "private", "note")


def agent(request: HttpRequest) -> Person:
    """Who answers; nobody else gets further."""
    assert isinstance(request.user, Person)
    if not policy.may_answer(request.user):
        raise PermissionDenied
    return request.user


def case_of(request: HttpRequest, number: int) -> tuple[Person, Case]:
    """The case of an address, as far as it exists for who asks."""
    person = agent(request)
    return person, get_object_or_404(queries.cases_for(person), pk=number)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """A queue of cases."""
    person = agent(request)
    queue = _queue(request, person, timezone.now())
    return render(
        request, "webcare/inbox.html", {"queue": queue.shown(pages.known_for(queue.cases))}
    )


@require_safe
def case(request: HttpRequest, case: int) -> HttpResponse:
    """One case: what was said and done, and the answer being written."""
    person, found = case_of(request, case)
    if found.merged_into_id is not None:
        return redirect("webcare:case", found.merged_into_id)
    return show_case(request, person, found)


def show_case(
    request: HttpRequest,
    person: Person,
    found: Case,
    *,
    error: ValidationError | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a case; with a fault, what was written stands there still."""
    now = timezone.now()
    said = queries.messages_of(found)
    posts = words_of(said)
    around = others_in_thread(found, [one.post for one in said if one.post is not None])
    past, queue = queries.past_cases(person, found), _queue(request, person, now)
    known = pages.known_for([found, *past, *queue.cases])
    page = pages.case_page(
        found, said, posts, around, queries.history_of(found), person, now, known
    )
    page.past = pages.past_of(past, now, known)
    page.insights = insights_of(person, [one.post for one in said if one.post is not None])
    page.others = there_words(found, person, now)
    way, holder = way_of(found), found.held_by(now)
    draft = queries.draft_of(found, person)
    written = told or _written(request, found, draft)
    context = {
        "case": found, "page": page, "queue": queue.shown(known), "way": way,
        "write": written, "error": error, "newer": getattr(error, "newer", None),
        "writes": [name for name in WRITES if _fits(name, way)], "is_mine": holder is not None and holder.pk == person.pk,
        "is_held": holder is not None and holder.pk != person.pk, "holder": holder,
        "tones": pages.tone_of(page.mood), "surveys": surveys_of(found),
    }  # fmt: skip
    return render(request, "webcare/case.html", context, status=409 if error is not None else 200)


@require_POST
def there(request: HttpRequest, case: int) -> HttpResponse:
    """Who else is in a case, and whether something was said since the page was made; the page asks every
    fifteen seconds, and says that it is there."""
    person, found = case_of(request, case)
    claiming.note_presence(by=person, case=found, writes=request.POST.get("writes") == "1")
    seen = request.POST.get("seen", "")
    context = {
        "case": found,
        "others": there_words(found, person, timezone.now()),
        "newer": found.last_seq > int(seen) if seen.isdecimal() and len(seen) < 8 else False,
    }
    return render(request, "webcare/_there.html", context)


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Do one thing with every case that was chosen."""
    person = agent(request)
    chosen = [int(one) for one in request.POST.getlist("case") if one.isdecimal() and len(one) < 12]
    cases = list(queries.cases_for(person).filter(pk__in=chosen[:100]))
    back = request.POST.get("back", "")
    what = request.POST.get("do", "")
    deeds = {
        "claim": lambda one: claiming.claim_case(by=person, case=one),
        "mine": lambda one: moving.hand_case(by=person, case=one, team=one.team, person=person),
        "close": lambda one: moving.close_case(by=person, case=one),
        "spam": lambda one: moving.close_case(by=person, case=one, ending=Case.Ending.SPAM),
        "snooze": lambda one: moving.snooze_case(
            by=person, case=one, until=moment_of("tomorrow", None, timezone.now())
        ),
    }
    if what not in deeds or not cases:
        messages.info(request, _("Choose cases first, and what to do with them."))
    else:
        done, left = moving.each_of(cases, deeds[what])
        told = ngettext("Done with %(n)s case.", "Done with %(n)s cases.", done) % {
            "n": number(done)
        }
        messages.success(request, told)
        for one, why in left[:5]:
            messages.error(request, f"{one.code}: {why}")
    target = back if back.startswith("?") and "\n" not in back else ""
    return redirect(f"/answer/inbox/{target}")


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, mark: str) -> HttpResponse:
    """Make any post a case; asks first, because a link must change nothing."""
    person = agent(request)
    post = post_of_mark(mark)
    if post is None or not queries.may_read_posts(person, [(post.id, post.network)]):
        raise Http404
    if request.method == "POST":
        made = taking_in.take_post(by=person, post=post)
        return redirect("webcare:case", made.pk)
    known = queries.case_with(person, post.id)
    if known is not None:
        return redirect("webcare:case", known.pk)
    return render(request, "webcare/take.html", {"post": post})


def there_words(found: Case, person: Person, now: datetime) -> str:
    """Who else has a case before them: "Joris is writing here; Merel looks at it too"."""
    others = queries.others_in(found, person, now)
    writing = [str(one.person) for one in others if one.writes]
    looking = [str(one.person) for one in others if not one.writes]
    parts = []
    if writing:
        parts.append(
            ngettext("%(names)s is writing here", "%(names)s are writing here", len(writing))
            % {"names": listed(writing)}
        )
    if looking:
        parts.append(
            ngettext("%(names)s looks at it too", "%(names)s look at it too", len(looking))
            % {"names": listed(looking)}
        )
    return "; ".join(parts)


@dataclass(frozen=True)
class _Queue:
    """What the list at the left shows: the queue of the address, its tabs with counts, and a page of it."""

    view: Asked
    cases: list[Case]
    more: int | None
    all_queues: list[queries.Queue]
    standing: queries.Standing
    teams: list[Team]
    now: datetime

    def shown(self, known: pages.Known) -> dict[str, Any]:
        """The same for the template."""
        view, counts, oldest = self.view, self.standing.counts, self.standing.oldest
        tabs = [_tab(view, name, counts) for name in TABS]
        others = [_tab(view, one.name, counts) for one in self.all_queues if one.name not in TABS]
        others += [_tab(view, f"team-{team.pk}", {}, str(team)) for team in self.teams]
        return {
            "view": view, "tabs": tabs, "others": others, "name": queue_words(view.queue, self.teams),
            "rows": pages.rows(self.cases, last_words_of(self.cases), self.now, known),
            "more": view.address(after=self.more) if self.more else "",
            "here": view.address(after=view.after),
            "open": _capped(counts["all"]), "late": self.standing.late,
            "late_shown": _capped(self.standing.late), "read": number(queries.MOST_READ),
            "found": number(queries.MOST_FOUND),
            "oldest": length_words(self.now - oldest, days=True) if oldest else "",
        }  # fmt: skip


def _queue(request: HttpRequest, person: Person, now: datetime) -> _Queue:
    view = asked(request.GET, person)
    cases, more = queries.page_of(found_by(view, person), view.queue, view.after)
    standing = queries.standing_for(person, now)
    teams = queries.teams_with_cases(person)
    return _Queue(view, cases, more, queries.queues_of(person), standing, teams, now)


def _tab(view: Asked, name: str, counts: dict[str, int], words: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "words": words or queue_words(name),
        "count": _capped(counts[name]) if name in counts else "",
        "url": Asked(name).address(),
        "is_here": view.queue == name and not view.words,
    }


def _capped(count: int) -> str:
    return number(count) if count < queries.MOST_COUNTED else "99+"


def _written(request: HttpRequest, found: Case, draft: Any) -> dict[str, Any]:
    """What stands in the box: a draft, or nothing yet."""
    kind = request.GET.get("write", "")
    if kind not in WRITES:
        kind = draft.kind if draft is not None else ""
    if kind not in WRITES:
        kind = "private" if found.kind == Case.Kind.PRIVATE else "public"
    return {
        "kind": kind,
        "text": draft.text if draft is not None else "",
        "helped_by": ",".join(draft.helped_by) if draft is not None else "",
        "seen": found.last_seq,
        "key": secrets.token_hex(16),
        "is_draft": draft is not None,
    }


def _fits(name: str, way: Any) -> bool:
    """Whether the box offers this sort of answer at all."""
    if name == "note" or way.limits is None:
        return True
    return bool(way.limits.private if name == "private" else way.limits.public)
