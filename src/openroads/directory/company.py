"""The company itself: its name, languages, brands, products, and its word for customers."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

COMPANY = 1
"""There is one company in a house; its row has this key."""


def both_languages() -> list[str]:
    return ["nl", "en"]


class Company(models.Model):
    """One row: whose house this is."""

    name = models.CharField(_("name"), max_length=80)
    languages = models.JSONField(_("languages its customers write"), default=both_languages)
    customers_en = models.CharField(_("word for customers, English"), max_length=30, blank=True)
    customers_nl = models.CharField(_("word for customers, Dutch"), max_length=30, blank=True)
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        help_text="as #E4572E; of the pages everybody may read",
    )
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=COMPANY), name="there_is_one_company")
        ]

    def __str__(self) -> str:
        return self.name

    def customers(self, language: str) -> str:
        """What its customers are called in `language`: "riders", or plainly "customers"."""
        word = self.customers_nl if language.startswith("nl") else self.customers_en
        if word:
            return word
        with override("nl" if language.startswith("nl") else "en"):
            return str(_("customers"))


class Brand(models.Model):
    """A name people speak of: one of the company's own, or a competitor's."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    forms = models.JSONField(_("other spellings"), default=list, blank=True)
    own = models.BooleanField(_("ours"), default=True)
    ended_on = models.DateField(_("no longer looked for since"), null=True, blank=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ("-own", "name")

    def __str__(self) -> str:
        return self.name

    def every_form(self) -> tuple[str, ...]:
        return _forms(self.name, self.forms)


class Product(models.Model):
    """Something the brand sells, and every way people spell it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(_("name"), max_length=80)
    forms = models.JSONField(_("other spellings"), default=list, blank=True)
    ended_on = models.DateField(_("no longer looked for since"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("brand", "name"), name="one_product_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    def every_form(self) -> tuple[str, ...]:
        return _forms(self.name, self.forms)


ONLY = "="
"""Stands before a spelling of a name that is itself an ordinary word."""

LONGEST_FORM = 80


def _forms(name: str, others: Any) -> tuple[str, ...]:
    """The spellings to look for. A name whose other spellings are given with a leading "=" is only
    looked for in those: an ordinary word such as "gracht" is no proof that the bicycle is meant."""
    spelled = [str(other) for other in others or ()]
    if is_ordinary_word(spelled):
        return tuple(form.removeprefix(ONLY) for form in spelled)
    return (name, *spelled)


def is_ordinary_word(others: Iterable[str]) -> bool:
    """Whether the name itself is no proof, so that only its other spellings are looked for."""
    return any(form.startswith(ONLY) for form in others)


def spellings(text: str) -> list[str]:
    """Spellings separated by commas or line ends, without the empty ones and without doubles."""
    parts = (" ".join(part.split())[:LONGEST_FORM] for part in re.split(r"[,\n]", text))
    kept: dict[str, str] = {}
    for part in parts:
        if part.removeprefix(ONLY).strip():
            kept.setdefault(part.casefold(), part)
    return list(kept.values())
