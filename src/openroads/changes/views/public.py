"""You said, we did: the page everybody may read, and putting an answer on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes import change_queries, policy
from openroads.changes.actions import publishing
from openroads.changes.forms import PublishForm
from openroads.changes.models import PublicWord
from openroads.changes.views.doing import READ_OR_SEND, allow, done
from openroads.changes.views.insights import one_insight


@login_not_required
@require_safe
def you_said(request: HttpRequest) -> HttpResponse:
    """What was said and what was done, for everybody, in the language of who reads."""
    dutch = get_language() == "nl"
    entries = [
        {
            "word": word,
            "said": word.said_nl if dutch else word.said_en,
            "did": word.did_nl if dutch else word.did_en,
        }
        for word in change_queries.public_words()
    ]
    return render(request, "changes/you_said.html", {"entries": entries})


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
