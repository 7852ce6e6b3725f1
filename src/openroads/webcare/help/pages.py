"""The pages of articles as a colleague reads them: rows, one article with its figures, what a form opens with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.forms import Form
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openroads.ui.formats import number
from openroads.webcare.help import queries
from openroads.webcare.help.body import Piece, as_html, differences, slug_of
from openroads.webcare.help.models import LANGUAGES, Article, ArticleFeedback, ArticleVersion
from openroads.webcare.help.outcomes import Helped
from openroads.webcare.models import Message


@dataclass(frozen=True)
class Row:
    """An article in a list."""

    article: Article
    title: str
    language: str
    languages: str
    helped: Helped
    readers: str
    is_unchecked: bool


@dataclass(frozen=True)
class VersionRow:
    """A version in the history."""

    version: ArticleVersion
    is_newest: bool


@dataclass(frozen=True)
class ArticlePage:
    """All that the page of one article shows."""

    version: ArticleVersion | None
    html: SafeString | str
    public_url: str
    languages: Sequence[tuple[str, str, bool]]
    """Each language: its code, its name, and whether the article says anything in it."""
    helped: Helped
    readers: str
    words: Sequence[ArticleFeedback]
    versions: Sequence[VersionRow]
    compared: ArticleVersion | None
    title_changes: Sequence[Piece]
    changes: Sequence[Piece]


def rows_of(articles: Sequence[Article], language: str, today: date) -> list[Row]:
    """The articles of a list with how each did, in four questions for all."""
    numbers = [one.pk for one in articles]
    helped, readers = queries.helped_by("article", numbers), queries.readers_said(numbers)
    found = []
    for one in articles:
        read = queries.shown(one, language)
        if read is None:
            continue
        tongues = ", ".join(sorted(queries.newest(one)))
        found.append(
            Row(
                one, read.version.title, read.version.language, tongues,
                helped.get(one.pk, Helped()), readers_words(readers.get(one.pk)),
                not one.state == Article.State.ENDED and one.check_by <= today,
            )
        )  # fmt: skip
    return found


def readers_words(said: tuple[int, int] | None) -> str:
    """ "12 yes, 3 no": what readers said, as a count and never as a share of the few who say anything."""
    if said is None:
        return _("nobody said anything yet")
    return _("%(yes)s yes, %(no)s no") % {"yes": number(said[0]), "no": number(said[1])}


def article_page(article: Article, language: str, told: str) -> ArticlePage:
    """One article; `told` is the number of a version to compare with the one before it."""
    read = queries.shown(article, language)
    newest = queries.newest(article)
    version = read.version if read else None
    every = sorted(article.versions.all(), key=lambda one: (one.at, one.pk), reverse=True)
    compared = next((one for one in every if str(one.pk) == told), None)
    before = _before(compared, every)
    url = (
        reverse("centre:article", args=[article.number, slug_of(version.title)]) if version else ""
    )
    return ArticlePage(
        version=version,
        html=as_html(version.body) if version else "",
        public_url=url,
        languages=[(code, str(name), code in newest) for code, name in LANGUAGES],
        helped=queries.helped_by("article", [article.pk]).get(article.pk, Helped()),
        readers=readers_words(queries.readers_said([article.pk]).get(article.pk)),
        words=queries.words_of_readers(article),
        versions=[VersionRow(one, newest.get(one.language) == one) for one in every],
        compared=compared,
        title_changes=differences(before.title if before else "", compared.title) if compared else [],
        changes=differences(before.body if before else "", compared.body) if compared else [],
    )  # fmt: skip


def _before(
    version: ArticleVersion | None, every: Sequence[ArticleVersion]
) -> ArticleVersion | None:
    if version is None:
        return None
    same = [
        one for one in every if one.language == version.language and one.number < version.number
    ]
    return max(same, key=lambda one: one.number, default=None)


def prefilled(answer: Message | None) -> dict[str, str]:
    """What the form of a new article opens with: an answer of ours, without its greeting line and name
    where those are plain to see; what else stands in it of a person is for the author to take out."""
    if answer is None:
        return {"language": queries.house_language()}
    language = (
        "nl"
        if answer.language.startswith("nl")
        else "en"
        if answer.language
        else queries.house_language()
    )
    return {"language": language, "body": _without_greeting(answer.text)}


def _without_greeting(text: str) -> str:
    lines = text.replace("\r\n", "\n").strip().split("\n")
    first = lines[0].strip()
    greets = first.lower().startswith(
        ("hoi", "hallo", "dag", "beste", "hi", "hello", "dear", "hey", "@")
    )
    if len(lines) > 1 and greets and len(first) < 60 and first.endswith((",", "!")):
        lines = lines[1:]
    return "\n".join(lines).strip()


def preview_of(form: Form) -> SafeString | str:
    """What the text of a form will look like."""
    form.is_valid()
    return as_html(form.cleaned_data.get("body", ""))
