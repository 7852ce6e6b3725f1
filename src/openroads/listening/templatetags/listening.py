"""Sentences of the import and source pages: what is happening, how fast, and what came of it."""

from typing import Any

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openroads.connectors.files import PreviewRow, Reading
from openroads.connectors.x import budget
from openroads.listening.forms.reading import written_choices
from openroads.listening.gap_queries import query_of_import
from openroads.listening.models import Import
from openroads.listening.saying import place, translated
from openroads.listening.spending.page import dollars
from openroads.listening.uploads import size_words
from openroads.listening.whence import kept_apart_words
from openroads.ui.formats import number
from openroads.ui.networks import network_word

register = template.Library()

register.filter("said", translated)

FORMATS = {
    "csv": gettext_lazy("CSV"),
    "tsv": gettext_lazy("TSV"),
    "xlsx": gettext_lazy("Excel"),
    "jsonl": gettext_lazy("JSON Lines"),
    "zeeschuimer": gettext_lazy("Zeeschuimer export"),
}


@register.filter
def reading_words(reading: Reading) -> str:
    """How a file is written, as it is read now: "CSV, separated by comma, UTF-8"."""
    words = [str(FORMATS.get(reading.format, reading.format))]
    said = reading.writing.said
    if "delimiter" in said:
        marks = {sign: told for _name, sign, told in written_choices(reading)["delimiter"]}
        words.append(_("separated by %(mark)s") % {"mark": marks[reading.delimiter]})
    if "encoding" in said:
        words.append(reading.encoding.replace("_", " ").replace("utf", "UTF"))
    if "sheet" in said:
        words.append(_("sheet %(name)s") % {"name": reading.sheet})
    return ", ".join(words)


register.filter("network_word", network_word)
register.filter("dollars", dollars)
register.filter("usd", lambda told: dollars(budget({"budget": told or ""})))
register.filter("size", size_words)
register.simple_tag(kept_apart_words, name="kept_apart")
register.simple_tag(query_of_import)


@register.simple_tag
def import_finding(item: Import) -> str:
    """The headline of an import's page."""
    if item.state == Import.State.DONE:
        if not item.added and item.same and not item.rejected:
            return _("Everything in this file was here already")
        return ngettext(
            "%(n)s new post is in the archive", "%(n)s new posts are in the archive", item.added
        ) % {"n": number(item.added)}
    if item.state == Import.State.FAILED:
        return _("This file could not be read to the end")
    if item.state == Import.State.CANCELLED:
        return _("Stopped after %(n)s rows; they stay") % {"n": number(item.read)}
    if item.state == Import.State.WAITING:
        return _("This file waits for its turn")
    return _("Reading %(name)s") % {"name": item.name}


@register.simple_tag
def import_pace(item: Import) -> str:
    """Rate and expected end, as far as they are known."""
    if item.rate is None:
        return _("The pace is known after the first batch.") if item.is_unfinished else ""
    pace = _("%(n)s rows a second") % {"n": number(item.rate)}
    if not item.is_unfinished:
        told = {"rows": number(item.read), "span": _span(item.seconds), "pace": pace}
        return _("%(rows)s rows read in %(span)s, %(pace)s.") % told
    if item.seconds_left is None:
        return f"{pace}."
    return _("%(pace)s; ready in about %(left)s.") % {
        "pace": pace,
        "left": _span(item.seconds_left),
    }


def _span(seconds: float) -> str:
    if seconds < 90:
        return ngettext("%(n)s second", "%(n)s seconds", max(1, round(seconds))) % {
            "n": number(max(1, round(seconds)))
        }
    minutes = round(seconds / 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": number(minutes)}


@register.simple_tag
def preview_finding(reading: Reading) -> str:
    """How many rows are shown, and how many of them will be rejected."""
    rows, bad = len(reading.preview), sum(1 for row in reading.preview if row.reason)
    shown = ngettext("%(n)s row", "%(n)s rows", rows) % {"n": number(rows)}
    if not bad:
        return shown
    return _("%(rows)s; rejected: %(bad)s") % {"rows": shown, "bad": number(bad)}


@register.simple_tag
def preview_row(row: PreviewRow) -> dict[str, Any]:
    """One row of the preview as the table shows it."""
    read = row.read
    return {
        "reason": translated(row.reason),
        "unread": not row.read and not row.reason,
        "where": place(row.where),
        "cells": " · ".join(cell for cell in row.cells.values() if cell),
        "said_at": parse_datetime(read["said_at"]) if "said_at" in read else None,
        "author": read.get("author_name") or read.get("author", ""),
        "text": read.get("text", ""),
        "native_id": read.get("native_id", ""),
        "network": network_word(read.get("network", "file")),
    }
