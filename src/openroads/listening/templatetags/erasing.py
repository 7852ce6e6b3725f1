"""Sentences of the register of erasures."""

from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.listening.erasing.models import Erasure
from openroads.ui.formats import day, number

register = template.Library()


@register.filter
def iso_day(text: str | None) -> str:
    """A day that was kept as text."""
    return day(date.fromisoformat(text)) if text else day(None)


@register.filter
def done_lines(item: Erasure) -> list[str]:
    """What was done and what the search found, a sentence each; what did not occur is not said."""
    words = ngettext(
        "%(n)s word that stood in no other text went with them.",
        "%(n)s words that stood in no other text went with them.",
        item.words,
    )
    previews = ngettext(
        "%(n)s row of a preview was removed.", "%(n)s rows of previews were removed.", item.previews
    )
    rejected = ngettext(
        "%(n)s rejected row was removed.", "%(n)s rejected rows were removed.", item.rejected
    )
    masked = ngettext(
        "In %(n)s post of somebody else the name was masked.",
        "In %(n)s posts of others the name was masked.",
        item.masked,
    )
    lines = [
        (item.words, words), (item.masked, masked), (item.previews, previews), (item.rejected, rejected),
    ]  # fmt: skip
    return [
        *(sentence % {"n": number(n)} for n, sentence in lines if n),
        *_searched(item),
        _("Whatever file or feed tells of this author from now on is passed over."),
        *_told(item),
    ]


def _searched(item: Erasure) -> list[str]:
    told = {"files": number(item.searched), "before": number(item.found_before)}
    if item.found_before:
        return [
            _("Searched afterwards: the archive, every column of the database and %(files)s files, for pieces of the texts. Before, %(before)s of these files held some.") % told
        ]  # fmt: skip
    return [
        _("Searched afterwards: the archive, every column of the database and %(files)s files.") % told
    ]  # fmt: skip


def _told(item: Erasure) -> list[str]:
    lines = []
    if item.mask_mentions:
        lines.append(_("Whoever names this author from now on: the name is masked."))
    elif item.mentions:
        lines.append(
            ngettext(
                "%(n)s post of somebody else addresses this author; it stays.",
                "%(n)s posts of others address this author; they stay.",
                item.mentions,
            )
            % {"n": number(item.mentions)}
        )
    if item.own_texts:
        lines.append(
            ngettext(
                "The handle stands in %(n)s text of our own: look there yourself.",
                "The handle stands in %(n)s texts of our own: look there yourself.",
                item.own_texts,
            )
            % {"n": number(item.own_texts)}
        )
    return lines
