"""Sentences for people that can still be put in another language: a template and what fills it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

Told = str | int | float | date
"""What fills a place: a word as it stands, an amount (written with the reader's own separators), a day
(written out in the reader's language), or a Sentence, which is put in the reader's language too. Years, ports and row numbers are words."""

_PLACE: Final = re.compile(r"\{(\w+)\}")
_DAY: Final = "day"


class Sentence(str):
    """A finished English sentence that remembers how it was made.

    `template` has named places such as "{name}"; `told` is what stands in them. As a str it is the
    English text, so it can be used wherever a str can. It survives pickling and copying.
    """

    __slots__ = ("template", "told")

    template: str
    told: Mapping[str, Told]

    def __new__(cls, template: str, told: Mapping[str, Told]) -> "Sentence":
        made = super().__new__(
            cls, filled(template, {name: _in_english(value) for name, value in told.items()})
        )
        made.template = template
        made.told = dict(told)
        return made

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, Mapping[str, Told]]]:
        return Sentence, (self.template, self.told)


class Said(Exception):
    """An error with a sentence for a person in `why`.

    TRICKY: `str()` of the error gives the English text alone; whoever passes a reason on passes
    `why`, or the sentence can no longer be translated.
    """

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


def say(template: str, /, **told: Told) -> Sentence:
    """A sentence from a template and what stands in its places.

    The template is written out at the call, in English: that is where translators' texts are
    collected from.
    """
    return Sentence(template, told)


def filled(template: str, words: Mapping[str, str]) -> str:
    """The template with words in its places. A place without a word stays as it is.

    Words are put in, never read as templates: braces in a file's name do nothing.
    """
    return _PLACE.sub(lambda place: words.get(place[1], place[0]), template)


def _in_english(value: Told) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def as_json(text: str) -> Any:
    """The text as a plain JSON value: a string, or an object when it is a Sentence."""
    if not isinstance(text, Sentence):
        return text
    told = {name: _as_json(value) for name, value in text.told.items()}
    return {"text": str(text), "template": text.template, "told": told}


def _as_json(value: Told) -> Any:
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    return as_json(value) if isinstance(value, str) else value


def from_json(value: Any) -> str:
    """The text that `as_json` gave; plain strings come back as they are."""
    if not isinstance(value, Mapping):
        return str(value)
    told = value.get("told")
    if not isinstance(value.get("template"), str) or not isinstance(told, Mapping):
        return str(value.get("text", ""))
    return Sentence(
        value["template"],
        {str(name): _from_json(each) for name, each in told.items()},
    )


def _from_json(value: Any) -> Told:
    if isinstance(value, Mapping) and _DAY in value:
        return date.fromisoformat(value[_DAY])
    return value if isinstance(value, int | float) else from_json(value)
