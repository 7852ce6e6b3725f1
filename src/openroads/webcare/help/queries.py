"""Reading the help centre: articles for the public and for colleagues, finding by words, how they did."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from openroads.analysis.ranking import bm25
from openroads.directory.models import Person
from openroads.directory.queries import people_to_choose
from openroads.webcare.help import policy
from openroads.webcare.help.finding import asked_words
from openroads.webcare.help.models import (
    CENTRE,
    CHECK_AFTER,
    Article,
    ArticleFeedback,
    ArticleVersion,
    FindableText,
    FindableWord,
    HelpCentre,
    Use,
)
from openroads.webcare.help.outcomes import Helped, helped_of
from openroads.webcare.models import Case, Message
from openroads.webcare.queries import cases_for

IN_LIST = 20
OLDEST = date(2000, 1, 1)


def house_language(told: str = "") -> str:
    """The language of the help centre to read: the one told, else the reader's, else English."""
    if told in ("nl", "en"):
        return told
    return "nl" if (get_language() or "").startswith("nl") else "en"


def centre() -> HelpCentre:
    """How the help centre is set."""
    return HelpCentre.objects.filter(pk=CENTRE).first() or HelpCentre(pk=CENTRE)


# --------------------------------------------------------------------------------------- the newest
@dataclass(frozen=True)
class Shown:
    """An article as it is read: the version of the language asked for, or of the other one."""

    article: Article
    version: ArticleVersion
    others: tuple[ArticleVersion, ...] = ()

    @property
    def is_translated(self) -> bool:
        """Whether it stands in another language too."""
        return bool(self.others)


def newest(article: Article) -> dict[str, ArticleVersion]:
    """The newest version per language, of the prefetched or asked ones."""
    found: dict[str, ArticleVersion] = {}
    for version in sorted(article.versions.all(), key=lambda one: one.number):
        found[version.language] = version
    return found


def shown(article: Article, language: str) -> Shown | None:
    """An article in a language, or in the one it has; None for one without words."""
    versions = newest(article)
    if not versions:
        return None
    version = versions.get(language) or next(iter(versions.values()))
    return Shown(article, version, tuple(one for one in versions.values() if one != version))


# --------------------------------------------------------------------------------------- who sees what
def articles_for(person: Person) -> QuerySet[Article]:
    """The articles a colleague may see: all, or none."""
    if not policy.may_see_articles(person):
        return Article.objects.none()
    versions = ArticleVersion.objects.select_related("by")
    found = Article.objects.select_related("owner", "checked_by")
    return found.prefetch_related(Prefetch("versions", queryset=versions))


def public_articles() -> QuerySet[Article]:
    """What anybody may read."""
    return Article.objects.filter(state=Article.State.PUBLIC).prefetch_related("versions")


def owners_to_choose() -> QuerySet[Person]:
    """Colleagues who can own an article."""
    wanted = [role.value for role in policy.WRITERS]
    return people_to_choose().filter(grants__role__in=wanted).distinct()


def counts_by_state(person: Person) -> dict[str, int]:
    """How many articles stand in each state."""
    rows = articles_for(person).order_by().values_list("state").annotate(n=Count("pk"))
    counted = dict(rows)
    return {value: int(counted.get(value, 0)) for value in Article.State.values}


def unchecked_first(articles: QuerySet[Article], today: date) -> list[Article]:
    """In the order of care: what was not looked at for six months first, the longest ago before the
    others; then by number."""
    rows = list(articles)
    edge = today - timedelta(days=CHECK_AFTER)
    return sorted(
        rows, key=lambda one: (one.checked_on > edge, one.checked_on if one.checked_on <= edge else OLDEST, one.number)
    )  # fmt: skip


def our_answer(person: Person, number: str) -> Message | None:
    """An answer of ours in a case this person sees, by its number as an address says it."""
    if not (number.isdecimal() and len(number) < 12):
        return None
    return Message.objects.filter(
        pk=int(number), kind=Message.Kind.OURS, case__in=cases_for(person)
    ).first()


def last_answer_of(case: Case) -> Message | None:
    """The last answer of ours in a case that was not taken back: worth an article, perhaps."""
    rows = Message.objects.filter(case=case, kind=Message.Kind.OURS, taken_back_at=None)
    return rows.order_by("-seq").first()


# --------------------------------------------------------------------------------------- finding
def best(
    texts: QuerySet[FindableText], asked: Sequence[str], most: int = IN_LIST
) -> list[tuple[FindableText, float]]:
    """The texts that fit the words best by BM25, best first; those without any are left out. Texts
    are read in two questions, however many there are."""
    if not asked:
        return []
    lengths = dict(texts.order_by().values_list("pk", "length"))
    rows = FindableWord.objects.filter(word__in=asked, text__in=texts.order_by().values("pk"))
    found: dict[int, dict[str, float]] = defaultdict(dict)
    holding: dict[str, int] = defaultdict(int)
    for text, word, times in rows.values_list("text", "word", "times"):
        found[text][word] = times
        holding[word] += 1
    usual = sum(lengths.values()) / len(lengths) if lengths else 0.0
    scored = [
        (
            bm25(
                asked, words, length=lengths[text], usual=usual, texts=len(lengths), holding=holding
            ),
            text,
        )
        for text, words in found.items()
    ]
    scored.sort(key=lambda one: (-one[0], one[1]))
    kept = FindableText.objects.select_related("article", "reply").in_bulk(
        [text for _score, text in scored[:most]]
    )
    return [(kept[text], score) for score, text in scored[:most]]


def public_found(words: str, language: str) -> list[Shown]:
    """Public articles that answer these words, best first: in the language asked for, then in the other
    one where it has none."""
    found: dict[int, Shown] = {}
    for tongue in (language, "en" if language == "nl" else "nl"):
        texts = FindableText.objects.filter(article__state=Article.State.PUBLIC, language=tongue)
        hits = [text.article_id for text, _score in best(texts, asked_words(words, tongue))]
        rows = public_articles().in_bulk([number for number in hits if number is not None])
        for number in hits:
            read = shown(rows[number], language) if number in rows else None
            if read is not None:
                found.setdefault(read.article.pk, read)
    return list(found.values())[:IN_LIST]


def articles_found(person: Person, words: str, language: str) -> list[Article]:
    """Articles of any state that hold the words, best first; "12" or "FAQ 12" is the one of that number."""
    number = words.strip().lower().removeprefix("faq").strip()
    seen = articles_for(person)
    if number.isdecimal() and len(number) < 8:
        return list(seen.filter(number=int(number)))
    texts = FindableText.objects.filter(article__in=seen.order_by().values("pk"))
    order = list(
        dict.fromkeys(
            text.article_id
            for tongue in (language, "en" if language == "nl" else "nl")
            for text, _score in best(texts.filter(language=tongue), asked_words(words, tongue))
        )
    )
    rows = seen.in_bulk([one for one in order if one is not None])
    return [rows[one] for one in order if one is not None and one in rows]


# --------------------------------------------------------------------------------------- how they did
def helped_by(
    field: str, things: Iterable[int], topics: Sequence[object] = ()
) -> dict[int, Helped]:
    """How each of these articles (`field` "article") or replies ("reply") did; with topics, in cases
    that share one. One question."""
    wanted = {str(topic) for topic in topics}
    rows = Use.objects.filter(**{f"{field}__in": list(things)})
    told: dict[int, list[bool | None]] = defaultdict(list)
    for thing, again, case_topics in rows.values_list(field, "asked_again", "case__topics"):
        if not wanted or wanted & {str(topic) for topic in case_topics or ()}:
            told[thing].append(again)
    return {thing: helped_of(outcomes) for thing, outcomes in told.items()}


def helped_before(
    topics: Sequence[object], most: int = 200
) -> tuple[dict[int, Helped], dict[int, Helped]]:
    """Articles, and replies, used before in cases that share a topic: how each did there. Of the newest
    uses, so many of them."""
    wanted = {str(topic) for topic in topics}
    articles: dict[int, list[bool | None]] = defaultdict(list)
    replies: dict[int, list[bool | None]] = defaultdict(list)
    if not wanted:
        return {}, {}
    rows = Use.objects.exclude(case__topics=[]).order_by("-at")
    for article, reply, again, case_topics in rows.values_list("article", "reply", "asked_again", "case__topics")[: most * 25]:  # fmt: skip
        if wanted & {str(topic) for topic in case_topics or ()}:
            (articles[article] if article else replies[reply]).append(again)
    return (
        {one: helped_of(told) for one, told in articles.items()},
        {one: helped_of(told) for one, told in replies.items()},
    )


def readers_said(articles: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many readers found each useful, and how many did not."""
    rows = ArticleFeedback.objects.filter(article__in=list(articles)).order_by()
    counted = rows.values_list("article").annotate(
        yes=Count("pk", filter=Q(helped=True)), no=Count("pk", filter=Q(helped=False))
    )
    return {article: (yes, no) for article, yes, no in counted}


def words_of_readers(article: Article, most: int = 20) -> list[ArticleFeedback]:
    """What readers added, the newest first."""
    return list(article.feedback.exclude(words="").select_related("version")[:most])
