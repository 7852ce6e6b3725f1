"""The tables of the help centre: articles and their versions, where they were used, and what readers say.

What a reader sends along stands here as they sent it: hostile until shown as text.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LANGUAGES = (("nl", _("Dutch")), ("en", _("English")))
CHECK_AFTER = 182
"""Days after which somebody looks whether an article is still right."""
CENTRE = 1
"""There is one help centre in a house; its row has this key."""


class Article(models.Model):
    """An answer to a question many people have: "FAQ 12". What it says stands in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("article", "draft")
        PUBLIC = "public", pgettext_lazy("article", "public")
        ENDED = "ended", pgettext_lazy("article", "ended")

    number = models.PositiveIntegerField(_("number"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    words = models.CharField(
        _("topic words"), max_length=300, blank=True, help_text="separated by commas"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )  # fmt: skip
    checked_on = models.DateField(_("checked on"), default=timezone.localdate)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_from = models.ForeignKey(
        "webcare.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="the answer of ours it began as",
    )  # fmt: skip
    public_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_unchecked_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How colleagues call it: FAQ 12."""
        return f"FAQ {self.number}"

    @property
    def check_by(self) -> date:
        """The day by which somebody looks at it again."""
        return self.checked_on + timedelta(days=CHECK_AFTER)

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC


class ArticleVersion(models.Model):
    """What an article says in a language from a moment on; never changed, the newest holds."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), max_length=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "webcare"
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        ordering = ("article", "language", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("article", "language", "number"), name="versions_of_an_article_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.language} {self.number}"


class FindableText(models.Model):
    """The words by which an article (in one language) or a saved reply is found, counted; made anew
    whenever what they stand for changes. `length` is the sum of the counts."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="texts"
    )
    reply = models.OneToOneField(
        "webcare.SavedReply", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=2)
    length = models.FloatField()

    class Meta:
        app_label = "webcare"
        constraints = [
            models.UniqueConstraint(
                fields=("article", "language"), name="one_findable_text_a_language"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False, reply__isnull=True)
                | Q(article__isnull=True, reply__isnull=False),
                name="found_as_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id or ''} {self.reply_id or ''} {self.language}"


class FindableWord(models.Model):
    """How much of a word stands in such a text; a word of the title weighs more."""

    text = models.ForeignKey(FindableText, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=60)
    times = models.FloatField()

    class Meta:
        app_label = "webcare"
        indexes = [models.Index(fields=("word", "text"), name="texts_with_a_word")]
        constraints = [models.UniqueConstraint(fields=("text", "word"), name="a_word_once_a_text")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.word}"


class Use(models.Model):
    """That an article or a saved reply was used in a cycle of a case, and whether its person asked
    again within fourteen days of its closing (empty: not known yet)."""

    case = models.ForeignKey("webcare.Case", on_delete=models.CASCADE, related_name="+")
    cycle = models.PositiveSmallIntegerField()
    message = models.ForeignKey("webcare.Message", on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="uses"
    )
    reply = models.ForeignKey(
        "webcare.SavedReply", on_delete=models.CASCADE, null=True, blank=True, related_name="uses"
    )
    at = models.DateTimeField()
    asked_again = models.BooleanField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("use of an article")
        verbose_name_plural = _("uses of articles")
        indexes = [models.Index(fields=("settled_at", "at"), name="uses_to_settle")]
        constraints = [
            models.UniqueConstraint(
                fields=("article", "case", "cycle"), name="an_article_once_a_cycle"
            ),
            models.UniqueConstraint(fields=("reply", "case", "cycle"), name="a_reply_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, reply__isnull=True)
                | Q(article__isnull=True, reply__isnull=False),
                name="one_thing_was_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.cycle}"


class ArticleFeedback(models.Model):
    """What a reader outside says of an article: whether it helped, and words they add. `slip` is of the
    one page they were shown, so each page shown gives at most one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    helped = models.BooleanField()
    words = models.TextField(max_length=1_000, blank=True)
    slip = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "webcare"
        verbose_name = _("feedback on an article")
        verbose_name_plural = _("feedback on articles")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.article_id} {'yes' if self.helped else 'no'}"


class HelpCentre(models.Model):
    """One row: whether search engines may find the pages of the help centre."""

    is_findable = models.BooleanField(_("search engines may find it"), default=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("help centre")
        verbose_name_plural = _("help centre")
        constraints = [
            models.CheckConstraint(condition=Q(pk=CENTRE), name="there_is_one_help_centre")
        ]

    def __str__(self) -> str:
        return "help centre"
