"""What to answer with: articles and saved replies that fit the words, and what helped before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from openroads.directory.company import Product
from openroads.webcare.help import queries
from openroads.webcare.help.body import begins, slug_of
from openroads.webcare.help.finding import asked_words
from openroads.webcare.help.models import Article, FindableText
from openroads.webcare.help.outcomes import Helped
from openroads.webcare.saved.models import SavedReply

MOST = 3
LOOKED_AT = 20
KNOWN_TO_HELP = 0.5
"""What did well before for the same topics is suggested without a shared word from this lower end on."""


@dataclass(frozen=True)
class Suggestion:
    """Something to answer with. `code` is what a message says it was made with ("article 12", "reply 3");
    `insert` the words to put into an answer: a reply still has its variables (`saved.filling.filled`).
    `helped` is about the same topics, where any were given."""

    code: str
    title: str
    url: str
    insert: str
    helped: Helped
    checked_on: date
    reply: SavedReply | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it is a saved reply; else it is an article."""
        return self.reply is not None

    @property
    def used(self) -> int:
        """How often it was used."""
        return self.helped.used


def article_code(article: Article) -> str:
    """How a message says that it was made with an article."""
    return f"article {article.number}"


def reply_code(reply: SavedReply) -> str:
    """How a message says that it was made with a saved reply."""
    return f"reply {reply.pk}"


def public_url(article: Article, title: str, language: str) -> str:
    """The whole address of an article, as it is sent to people."""
    path = reverse("centre:article", args=[article.number, slug_of(title)])
    return f"{settings.OPENROADS.url.rstrip('/')}{path}?language={language}"


def suggest(
    text: str, language: str, product: int | None = None, topics: Sequence[object] = ()
) -> list[Suggestion]:
    """At most three articles and saved replies to answer these words with, best first.

    A score is BM25 against the best fit (0 to 1), plus the lower end of how many did not ask again
    after it in cases with one of the same topics (0 to 1). Only public articles and replies in use;
    of a language that is neither Dutch nor English, the English ones.
    """
    tongue = "nl" if language == "nl" else "en"
    if product is not None:
        name = Product.objects.filter(pk=product).values_list("name", flat=True).first()
        text = f"{text} {name or ''}"
    usable = _usable(tongue)
    fits = queries.best(usable, asked_words(text, tongue), LOOKED_AT)
    most = fits[0][1] if fits else 1.0
    scores = {found.pk: score / most for found, score in fits}
    texts = {found.pk: found for found, _score in fits}
    articles, replies = queries.helped_before(topics)
    known = [pk for pk, how in articles.items() if how.at_least >= KNOWN_TO_HELP]
    known_replies = [pk for pk, how in replies.items() if how.at_least >= KNOWN_TO_HELP]
    more = usable.filter(Q(article__in=known) | Q(reply__in=known_replies))
    for found in more.select_related("article", "reply"):
        texts.setdefault(found.pk, found)
    if not topics:
        articles = queries.helped_by("article", _ids(texts.values(), "article_id"))
        replies = queries.helped_by("reply", _ids(texts.values(), "reply_id"))

    def helped(found: FindableText) -> Helped:
        told = articles.get(found.article_id or 0) or replies.get(found.reply_id or 0)
        return told or Helped()

    def place(found: FindableText) -> tuple[float, int]:
        before = helped(found).at_least if topics else 0.0
        return -(scores.get(found.pk, 0.0) + before), found.pk

    chosen = sorted(texts.values(), key=place)[:MOST]
    return [_suggestion(found, tongue, helped(found)) for found in chosen]


def _usable(language: str) -> QuerySet[FindableText]:
    today = timezone.localdate()
    return FindableText.objects.filter(language=language).filter(
        Q(article__state=Article.State.PUBLIC)
        | Q(reply__state=SavedReply.State.APPROVED, reply__expires_on__gt=today)
    )


def _ids(texts: Iterable[FindableText], field: str) -> list[int]:
    return [number for one in texts if (number := getattr(one, field)) is not None]


def _suggestion(found: FindableText, language: str, helped: Helped) -> Suggestion:
    if reply := found.reply:
        url = reverse("webcare:saved_reply", args=[reply.pk])
        return Suggestion(
            reply_code(reply), reply.title, url, reply.text, helped,
            timezone.localdate(reply.approved_at or reply.proposed_at), reply=reply,
        )  # fmt: skip
    article = found.article
    assert article is not None  # the table holds that it is one of the two
    version = queries.newest(article)[language]
    url = public_url(article, version.title, language)
    insert = f"{begins(version.body)}\n{url}".strip()
    return Suggestion(article_code(article), version.title, url, insert, helped, article.checked_on)


def of_code(code: str, language: str) -> Suggestion | None:
    """The article or saved reply of a code ("article 12", "reply 3"), if it can be used now; an article in
    the language asked for, or in the other one."""
    kind, _space, number = code.partition(" ")
    if kind not in ("article", "reply") or not (number.isdecimal() and len(number) < 10):
        return None
    tongue = "nl" if language == "nl" else "en"
    for each in (tongue, "en" if tongue == "nl" else "nl"):
        which = Q(article__number=int(number)) if kind == "article" else Q(reply=int(number))
        found = _usable(each).filter(which).select_related("article", "reply").first()
        if found is not None:
            return _suggestion(found, each, Helped())
    return None
