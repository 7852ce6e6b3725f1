"""A quote of a post that was removed says so, and nothing of what it said."""

from datetime import date
from types import SimpleNamespace

from django.template import Context, Template


def test_a_removed_post_is_shown_as_removed() -> None:
    post = SimpleNamespace(removed_on=date(2026, 3, 3), text="secret", author="marloes", url="https://x/")  # fmt: skip
    shown = Template("{% load parts %}{% quote post %}").render(Context({"post": post}))
    assert "Removed at the author’s request, 3 March 2026" in shown
    assert "secret" not in shown and "marloes" not in shown and "https://x/" not in shown
