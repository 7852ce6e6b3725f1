"""What is held of an author as a page that anybody can open and print, made to be handed out."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries import authors
from openroads.archive.queries.authors import HeldPost
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.erasing.held import Held
from openroads.listening.register.queries import controller
from openroads.ui.formats import day, number


def readable_page(held: Held) -> Iterator[str]:
    """The page piece by piece: who answers, what is held and why, the rights, then post by post."""
    context = {
        "held": held, "company": queries.company(), "controller": controller(),
        "made_at": timezone.now(),
    }  # fmt: skip
    yield render_to_string("listening/erasing/readable.html", context)
    for post in authors.posts_of_author(archive(), held.keys):
        yield _post(post)
    yield "</main></body></html>\n"


def _post(post: HeldPost) -> str:
    """One post with everything known of it; a stranger's words are never markup."""
    title = f"<b>{escape(post.title)}</b> " if post.title else ""
    facts = [
        (_("published"), post.published_at.isoformat(timespec="seconds")),
        (_("collected"), post.collected_at.isoformat(timespec="seconds")),
        (_("address"), post.url),
        (_("number on the network"), post.native_id),
        (_("answers"), post.reply_to),
        (_("conversation"), post.thread),
        (_("reactions told by the network"), _reactions(post)),
        (_("made from it: language, kind"), f"{post.language}, {post.kind}"),
        (_("made from it: tone"), _("unknown") if post.mood == -128 else number(post.tone, 2)),
        (_("hashtags"), ", ".join(post.hashtags)),
        (_("whom it mentions"), ", ".join(post.mentions)),
    ]
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)  # fmt: skip
    return f"<article><h3>{escape(day(post.published_at))}</h3><blockquote>{title}{escape(post.text)}</blockquote><dl>{told}</dl></article>\n"


def _reactions(post: HeldPost) -> str:
    words = (
        (post.likes, ngettext("%(n)s like", "%(n)s likes", post.likes or 0)),
        (post.replies, ngettext("%(n)s reply", "%(n)s replies", post.replies or 0)),
        (post.reposts, ngettext("%(n)s repost", "%(n)s reposts", post.reposts or 0)),
        (post.views, ngettext("%(n)s view", "%(n)s views", post.views or 0)),
        (post.rating, _("rating %(n)s")),
    )
    return ", ".join(word % {"n": number(n, 0 if n == int(n) else 1)} for n, word in words if n is not None)  # fmt: skip
