"""Doing things with articles: writing, publishing, checking, ending; and taking a reader's word."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openroads.connectors.plain import clean
from openroads.delivery.notices import language_of, notify
from openroads.directory import trail
from openroads.directory.company import spellings
from openroads.directory.models import Person
from openroads.directory.policy import require
from openroads.webcare.help import policy
from openroads.webcare.help.finding import weighed
from openroads.webcare.help.models import (
    CENTRE,
    CHECK_AFTER,
    LANGUAGES,
    Article,
    ArticleFeedback,
    ArticleVersion,
    FindableText,
    FindableWord,
    HelpCentre,
)
from openroads.webcare.help.queries import newest
from openroads.webcare.models import Message
from openroads.webcare.saved.models import SavedReply

KEPT = timedelta(days=365)
"""How long what a reader added is kept; whether it helped stays."""
AT_ONCE = 1_000


# ------------------------------------------------------------------------------------------ writing
@transaction.atomic
def write_article(
    *,
    by: Person,
    language: str,
    title: str,
    body: str,
    words: str = "",
    owner: Person | None = None,
    made_from: Message | None = None,
) -> Article:
    """Begin an article with its first version; it is a draft until somebody publishes it.

    Raises ValidationError without title or text.
    """
    require(by, policy.may_write)
    _check_words(title, body, language)
    trail.wait_for_turn()  # two at the same moment must not get one number
    last = Article.objects.aggregate(last=Max("number"))["last"] or 0
    article = Article.objects.create(
        number=last + 1, owner=owner or by, words=", ".join(spellings(words))[:300],
        checked_by=by, made_from=made_from,
    )  # fmt: skip
    version = _add_version(by, article, language, title, body)
    trail.record(
        by, "wrote an article", article, name=article.code, title=version.title, language=language
    )
    return article


def article_from_answer(
    *, by: Person, message: Message, language: str, title: str, body: str, words: str = "",
    owner: Person | None = None,
) -> Article:  # fmt: skip
    """Begin an article with an answer of ours; `prefilled` gives what the form opens with. What stands
    in it of a person is taken out by hand, before it is saved. Raises ValidationError for a word that
    is not ours."""
    if message.kind != Message.Kind.OURS:
        raise ValidationError(_("Only an answer of ours becomes an article."))
    return write_article(
        by=by, language=language, title=title, body=body, words=words, owner=owner,
        made_from=message,
    )  # fmt: skip


@transaction.atomic
def write_version(
    *, by: Person, article: Article, language: str, title: str, body: str
) -> ArticleVersion | None:
    """Say something else in a language from now on, or say it in that language at all. None when nothing
    changed. Who writes it has looked at it: it counts as checked today."""
    require(by, policy.may_write)
    _check_not_ended(article)
    _check_words(title, body, language)
    was = newest(article).get(language)
    if was is not None and (was.title, was.body) == (_line(title), clean(body)):
        return None
    version = _add_version(by, article, language, title, body)
    _mark_checked(by, article)
    trail.record(
        by, "wrote a version of an article", article, name=article.code, title=version.title,
        language=language, version=version.number,
    )  # fmt: skip
    return version


@transaction.atomic
def describe_article(*, by: Person, article: Article, owner: Person, words: str) -> None:
    """Say who owns an article, and by which more words it is found."""
    require(by, policy.may_write)
    kept = ", ".join(spellings(words))[:300]
    if (article.owner_id, article.words) == (owner.pk, kept):
        return
    before = article.owner
    article.owner, article.words = owner, kept
    article.save(update_fields=["owner", "words"])
    make_findable(article)
    trail.record(
        by, "described an article", article, name=article.code, forms=kept,
        owner={"was": str(before), "now": str(owner)} if before != owner else "",
    )  # fmt: skip


# ---------------------------------------------------------------------------------------- its state
@transaction.atomic
def publish_article(*, by: Person, article: Article) -> None:
    """Let everybody read it, also one that had ended."""
    require(by, policy.may_publish)
    if article.is_public:
        return
    article.state, article.public_at, article.ended_at = Article.State.PUBLIC, timezone.now(), None
    article.save(update_fields=["state", "public_at", "ended_at"])
    _mark_checked(by, article)
    trail.record(by, "published an article", article, name=article.code)


@transaction.atomic
def end_article(*, by: Person, article: Article) -> None:
    """Take it away from readers and from who answers; its versions stay."""
    require(by, policy.may_publish)
    if article.state == Article.State.ENDED:
        return
    article.state, article.ended_at = Article.State.ENDED, timezone.now()
    article.save(update_fields=["state", "ended_at"])
    trail.record(by, "ended an article", article, name=article.code)


@transaction.atomic
def check_article(*, by: Person, article: Article) -> None:
    """Say that it is still right, today."""
    require(by, policy.may_write)
    _check_not_ended(article)
    _mark_checked(by, article)
    trail.record(by, "checked an article", article, name=article.code)


@transaction.atomic
def set_centre(*, by: Person, is_findable: bool) -> None:
    """Say whether search engines may find the help centre."""
    require(by, policy.may_set_centre)
    centre, _made = HelpCentre.objects.get_or_create(pk=CENTRE)
    if centre.is_findable != is_findable:
        centre.is_findable = is_findable
        centre.save(update_fields=["is_findable"])
        trail.record(by, "set the help centre", centre, findable=is_findable)


# ------------------------------------------------------------------------------------------ readers
def take_feedback(
    *, article: Article, version: ArticleVersion, helped: bool, words: str, slip: str
) -> bool:
    """Keep what a reader says of an article; whether it was kept. A page that was shown counts once,
    however often it is sent."""
    try:
        with transaction.atomic():
            ArticleFeedback.objects.create(
                article=article,
                version=version,
                helped=helped,
                words=clean(words)[:1_000],
                slip=slip,
            )
    except IntegrityError:
        return False
    return True


def forget_words(*, now: datetime) -> int:
    """Forget what readers added a year ago; returns of how many."""
    old = ArticleFeedback.objects.filter(at__lt=now - KEPT).exclude(words="")
    return old.update(words="")


@transaction.atomic
def tell_unchecked(*, now: datetime) -> int:
    """Tell owners of public articles nobody looked at for six months, once each time; returns how many."""
    today = timezone.localdate(now)
    edge = today - timedelta(days=CHECK_AFTER)
    rows = Article.objects.filter(state=Article.State.PUBLIC, checked_on__lte=edge)
    told = 0
    for article in rows.select_related("owner").prefetch_related("versions"):
        if article.told_unchecked_on and article.told_unchecked_on > article.checked_on:
            continue
        Article.objects.filter(pk=article.pk).update(told_unchecked_on=today)
        with translation.override(language_of(article.owner)):
            title = _("%(code)s was not looked at for six months") % {"code": article.code}
        notify(
            to=article.owner, deed=f"{article.code} unchecked since {article.checked_on}",
            title=title, url=f"/answer/articles/{article.number}/",
        )  # fmt: skip
        told += 1
    return told


# ------------------------------------------------------------------------------------------ finding
def make_findable(article: Article) -> None:
    """Read off anew by which words an article is found, in each of its languages."""
    FindableText.objects.filter(article=article).delete()
    for version in newest(Article.objects.prefetch_related("versions").get(pk=article.pk)).values():
        counted = weighed(version.title, article.words, version.body, version.language)
        _file(FindableText(article=article, language=version.language), counted)


def make_reply_findable(reply: SavedReply) -> None:
    """The same for a saved reply; its short code finds it too."""
    FindableText.objects.filter(reply=reply).delete()
    counted = weighed(reply.title, reply.code.replace("-", " "), reply.text, reply.language)
    _file(FindableText(reply=reply, language=reply.language), counted)


def _file(text: FindableText, counted: dict[str, float]) -> None:
    text.length = sum(counted.values())
    text.save()
    FindableWord.objects.bulk_create(
        (FindableWord(text=text, word=word, times=times) for word, times in counted.items()),
        AT_ONCE,
    )


# ------------------------------------------------------------------------------------------- within
def _add_version(
    by: Person, article: Article, language: str, title: str, body: str
) -> ArticleVersion:
    known = ArticleVersion.objects.filter(article=article, language=language)
    last = known.aggregate(last=Max("number"))["last"] or 0
    version = ArticleVersion.objects.create(
        article=article,
        language=language,
        number=last + 1,
        title=_line(title),
        body=clean(body),
        by=by,
    )
    make_findable(article)
    return version


def _mark_checked(by: Person, article: Article) -> None:
    article.checked_on, article.checked_by = timezone.localdate(), by
    article.save(update_fields=["checked_on", "checked_by"])


def _check_words(title: str, body: str, language: str) -> None:
    if language not in dict(LANGUAGES):
        raise ValidationError({"language": _("The help centre is in Dutch and English.")})
    if not _line(title):
        raise ValidationError({"title": _("Say the question as people ask it.")})
    if not clean(body):
        raise ValidationError({"body": _("Say the answer.")})


def _check_not_ended(article: Article) -> None:
    if article.state == Article.State.ENDED:
        raise ValidationError(
            _("%(code)s has ended. Publish it again first.") % {"code": article.code}
        )


def _line(title: str) -> str:
    return " ".join(clean(title).split())[:160]
