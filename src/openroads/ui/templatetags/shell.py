"""Tags the page shell needs: theme, keys, the way back, the palette's entries, the account's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openroads.ui import road as roads

register = template.Library()

THEMES = ("system", "light", "dark")


def chosen_theme(request: HttpRequest | None) -> str:
    """`light`, `dark`, or empty when the reader's system decides: what was chosen on this device, or
    else the `theme` of whoever is logged in."""
    if request is None:
        return ""
    theme = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "")
    return theme if theme in ("light", "dark") else ""


@register.simple_tag(takes_context=True)
def theme_now(context: Context) -> str:
    return chosen_theme(context.get("request"))


@register.simple_tag(takes_context=True)
def theme_next(context: Context) -> str:
    """What the theme button asks for: system, light, dark and round again."""
    now = chosen_theme(context.get("request")) or "system"
    return THEMES[(THEMES.index(now) + 1) % len(THEMES)]


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> str:
    theme = chosen_theme(context.get("request"))
    return format_html(' data-theme="{}"', theme) if theme else ""


@register.simple_tag(takes_context=True)
def keys_now(context: Context) -> str:
    """`on`, or `off` when the reader switched the single keys off (WCAG 2.1.4)."""
    request = context.get("request")
    return "off" if request and request.COOKIES.get("keys") == "off" else "on"


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The address of this page, for the way back; the home page after a form that was sent."""
    request = context.get("request")
    if request is None or request.method not in ("GET", "HEAD"):
        return "/"
    return str(request.get_full_path())


def _entries(context: Context) -> list[roads.Command]:
    return list(roads.entries(context.get("road") or (), context.get("commands") or ()))


@register.simple_tag(takes_context=True)
def palette_entries(context: Context) -> SafeString:
    """The palette's entries as JSON for palette.js."""
    rows = [
        {"label": str(e.label), "url": e.url, "hint": str(e.hint), "words": e.takes_words}
        for e in _entries(context)
    ]
    return json_script(rows, "palette-entries")


@register.simple_tag(takes_context=True)
def found_entries(context: Context, words: str) -> list[roads.Command]:
    """What the find field finds without a script."""
    return roads.found(words, context.get("road") or (), context.get("commands") or ())


@register.filter
def labelled(form: BaseForm) -> SafeString:
    """The fields with their labels; without placeholders that repeat the label and vanish when typing."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form.as_div()


@register.simple_tag(takes_context=True)
def account_links(context: Context) -> list[Mapping[str, Any]]:
    """The pages of one's own account that this installation offers, the present one marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    now = (match.url_name or "") if match else ""
    pages = (
        (_("Email addresses"), "account_email"),
        (_("Password"), "account_change_password"),
        (_("Two-step login"), "mfa_index"),
        (_("Where you are logged in"), "usersessions_list"),
        (_("Linked accounts"), "socialaccount_connections"),
    )
    links: list[Mapping[str, Any]] = []
    for label, name in pages:
        url = _url(name)
        if url:
            current = now == name or (name == "mfa_index" and now.startswith("mfa_"))
            links.append({"label": label, "url": url, "current": current})
    return links


@register.simple_tag
def logout_url() -> str:
    return _url("account_logout")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
