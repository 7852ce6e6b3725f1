"""The topics of a rule in words: also when one was renamed, put away, or is no more."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.directory.known_topics import KnownTopic
from openroads.ui.formats import listed
from openroads.webcare.rules.models import Rule

Known = Mapping[int, KnownTopic]


def topic_words(number: int, called: str, known: Known) -> str:
    """A topic as a rule names it: “Range in winter” (“Battery in winter” when it was chosen)."""
    topic = known.get(number)
    if topic is None:
        return _("“%(name)s” (is no more)") % {"name": called}
    if not topic.in_use:
        return _("“%(name)s” (put away)") % {"name": topic.name}
    if called and topic.name != called:
        return _("“%(name)s” (“%(before)s” when it was chosen)") % {"name": topic.name, "before": called}  # fmt: skip
    return _("“%(name)s”") % {"name": topic.name}


def about_words(rule: Rule, known: Known) -> str:
    """What a rule asks a post to be about; empty for one that asks for no topic."""
    if not rule.topics:
        return ""
    return _("about %(topics)s") % {"topics": listed(topic_words(number, called, known) for number, called in rule.topics)}  # fmt: skip


def finds_nothing(rule: Rule, known: Known) -> str:
    """What is wrong with a rule’s topics: which find nothing any more; empty when all of them find."""
    gone = [called for number, called in rule.topics if number not in known or not known[number].in_use]  # fmt: skip
    if not gone:
        return ""
    told = {"topics": listed(_("“%(name)s”") % {"name": name} for name in gone)}
    if len(gone) < len(rule.topics):
        return ngettext(
            "By %(topics)s this rule finds nothing any more: it was put away.",
            "By %(topics)s this rule finds nothing any more: they were put away.",
            len(gone),
        ) % told  # fmt: skip
    return ngettext(
        "This rule finds nothing any more: %(topics)s was put away. Choose another topic, or take the rule out.",
        "This rule finds nothing any more: %(topics)s were put away. Choose other topics, or take the rule out.",
        len(gone),
    ) % told  # fmt: skip
