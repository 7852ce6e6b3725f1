"""You said, we did: the page everybody may read, and putting an answer on it."""

from datetime import datetime

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes import change_queries, policy
from openroads.changes.actions import publishing
from openroads.changes.forms import PublishForm
from openroads.changes.models import PublicWord
from openroads.changes.views.doing import READ_OR_SEND, allow, done
from openroads.changes.views.insights import one_insight

EMBEDDED, FED = 10, 50
"""How many entries stand in a page of somebody else, and in the feed."""


@login_not_required
@require_safe
def you_said(request: HttpRequest) -> HttpResponse:
    """What was said and what was done, for everybody, in the language of who reads."""
    return render(
        request, "changes/you_said.html", {"entries": change_queries.public_entries(_language())}
    )


@login_not_required
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[untyped-decorator]
@require_safe
def embedded(request: HttpRequest) -> HttpResponse:
    """The same without a frame around it, to stand in a page of the company's own site; it holds nothing
    that can be pressed but links, so no page around it can make anybody do something."""
    language = request.GET.get("language", "")
    with override(language if language in ("en", "nl") else _language()):
        shown = change_queries.public_entries(_language())[:EMBEDDED]
        return render(request, "changes/you_said_embedded.html", {"entries": shown})


class YouSaidFeed(Feed):  # type: ignore[type-arg]
    """The same as a feed (RSS 2.0), in English or Dutch by its address."""

    def get_object(self, request: HttpRequest, language: str) -> str:
        if language not in ("en", "nl"):
            raise Http404
        return language

    def title(self, language: str) -> str:
        with override(language):
            return _("You said, we did")

    def description(self, language: str) -> str:
        with override(language):
            return _(
                "What people told us, what we changed because of it, and what we did not, with the reason."
            )

    def link(self, language: str) -> str:
        return reverse("public:you_said")

    def items(self, language: str) -> list[change_queries.PublicEntry]:
        return change_queries.public_entries(language)[:FED]

    def item_title(self, item: change_queries.PublicEntry) -> str:
        return item.said

    def item_description(self, item: change_queries.PublicEntry) -> str:
        return item.did

    def item_link(self, item: change_queries.PublicEntry) -> str:
        return f"{reverse('public:you_said')}#{item.mark}"

    def item_guid(self, item: change_queries.PublicEntry) -> str:
        return f"openroads-{item.mark}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: change_queries.PublicEntry) -> datetime:
        return item.word.published_at


feed = login_not_required(YouSaidFeed())


def _language() -> str:
    return "nl" if get_language() == "nl" else "en"


@require_http_methods(READ_OR_SEND)
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Write the answer everybody may read, in both languages."""
    person, insight = one_insight(request, number)
    allow(policy.may_publish(person))
    kinds = publishing.kinds_for(insight)
    word = PublicWord.objects.filter(insight=insight).first()
    begun = {name: getattr(word, name) for name in publishing.TEXTS} if word else {"said_en": insight.title}  # fmt: skip
    form = PublishForm(request.POST or None, initial=begun)

    def do() -> str:
        publishing.publish(by=person, insight=insight, kind=kinds[0] if kinds else PublicWord.Kind.DID, texts=form.cleaned_data)  # fmt: skip
        return _("Everybody can read it now.")

    words = {
        "insight": insight, "word": word if word and word.ended_at is None else None,
        "kind": PublicWord.Kind(kinds[0]).label if kinds else "",
    }  # fmt: skip
    return done(request, form, do, reverse("public:you_said"), words, template="changes/publish.html")  # fmt: skip


@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take an answer off the public page."""
    person, insight = one_insight(request, number)
    allow(policy.may_publish(person))
    publishing.take_back(by=person, word=get_object_or_404(PublicWord, insight=insight))
    messages.success(request, _("Nobody outside reads it any more."))
    return redirect("changes:insight", insight.number)
