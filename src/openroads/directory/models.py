"""The tables of the directory: people, what they may do, channel accounts and the trail."""

import json
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand, Company, Product
from openroads.directory.known_topics import KnownTopic
from openroads.directory.roles import Role

__all__ = [
    "Account", "Brand", "Company", "Department", "Grant", "KnownTopic", "Membership", "Person", "Product",
    "Team", "TrailEntry", "TrailHead",
]  # fmt: skip


def new_salt() -> str:
    return get_random_string(22)


class People(BaseUserManager["Person"]):
    """Finds people the way Django's sign-in asks for them."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody known by name, or the house itself (`is_system`). People are never deleted."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=5, blank=True, choices=[("en", _("English")), ("nl", _("Dutch"))]
    )
    theme = models.CharField(_("appearance"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_system = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    sessions_salt = models.CharField(max_length=22, default=new_salt, editable=False)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["is_system"],
                condition=models.Q(is_system=True),
                name="there_is_one_system_person",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def grants_now(self) -> list["Grant"]:
        """Those of the prefetched grants that hold today."""
        today = timezone.localdate()
        return [
            grant
            for grant in self.grants.all()
            if grant.since <= today and (grant.until is None or grant.until > today)
        ]

    @property
    def parts(self) -> "list[Department | Team]":
        """The departments and teams of the prefetched memberships, each once, ended ones left out."""
        found: dict[tuple[str, int], Department | Team] = {}
        for membership in self.memberships.all():
            for part in (membership.department, membership.team):
                if part is not None and part.ended_on is None:
                    found[part._meta.model_name or "", part.pk] = part
        return sorted(found.values(), key=lambda part: part.name.lower())

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password or the salt changes."""
        return salted_hmac(
            "openroads.directory.Person",
            f"{self.password}:{self.sessions_salt}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Department(models.Model):
    """A part of the company that owns insights and indicators."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    head = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("head"),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who work on one thing together; may cut through departments."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("department"),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to a department, to a team, or to both."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            # Three, because SQLite cannot treat two NULLs as the same.
            models.UniqueConstraint(
                fields=("person", "department"),
                condition=models.Q(team__isnull=True),
                name="once_in_a_department",
            ),
            models.UniqueConstraint(
                fields=("person", "team"),
                condition=models.Q(department__isnull=True),
                name="once_in_a_team",
            ),
            models.UniqueConstraint(
                fields=("person", "department", "team"), name="once_in_a_department_and_team"
            ),
            models.CheckConstraint(
                condition=models.Q(department__isnull=False) | models.Q(team__isnull=False),
                name="one_belongs_to_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.team or self.department}"


class Grant(models.Model):
    """A role given to a person from `since` until `until` (that day left out; empty = for good).

    With a department or team the role holds there only; without, everywhere.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for department"),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for team"),
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ("role", "since")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_grant_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        where = self.team or self.department
        return f"{self.get_role_display()} ({where})" if where else str(self.get_role_display())


class Account(models.Model):
    """An account of the company on a network: who owns it, who steps in, what for, how it sounds."""

    network = models.CharField(_("network"), max_length=30)
    handle = models.CharField(_("handle"), max_length=120)
    url = models.URLField(_("address"), max_length=500, blank=True)
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    backup = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stand-in"),
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    voice = models.CharField(_("tone of voice"), max_length=200, blank=True)
    retired_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("channel account")
        verbose_name_plural = _("channel accounts")
        ordering = ("network", "handle")
        constraints = [
            models.UniqueConstraint(fields=("network", "handle"), name="one_account_of_a_handle")
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"


class AppendOnly(Exception):
    """Somebody tried to change or remove what was written for good."""


class TrailQuerySet(models.QuerySet["TrailEntry"]):
    """Reading only; the database itself refuses the rest a second time."""

    def update(self, **_: Any) -> int:
        raise AppendOnly("The trail is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Nothing is taken from the trail.")


class TrailEntry(models.Model):
    """Who did what to what, and when. Each entry carries the hash of the one before it."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, blank=True)
    thing = models.CharField(max_length=40, blank=True)
    # TRICKY: text, not JSONField: PostgreSQL would write 1e20 back as 100000000000000000000, and
    # the hash covers every sign.
    facts_text = models.TextField(default="{}")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        ordering = ("-number",)
        indexes = [
            models.Index(fields=("kind", "thing"), name="trail_of_a_thing"),
            models.Index(fields=("by", "number"), name="trail_of_a_person"),
            models.Index(fields=("verb", "number"), name="trail_of_a_deed"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.verb} {self.kind} {self.thing}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("The trail is never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Nothing is taken from the trail.")

    @property
    def facts(self) -> dict[str, Any]:
        """What belongs to the deed: names, numbers, reasons."""
        facts: dict[str, Any] = json.loads(self.facts_text)
        return facts


class TrailHead(models.Model):
    """One row, the last number and hash: makes writers queue, and shows when the end was cut off."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="the_trail_has_one_head")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class KeptFor(models.Model):
    """How many months something outside the archive is kept (0 is for good): one row for each that was said."""

    name = models.CharField(max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("how long something is kept")
        verbose_name_plural = _("how long things are kept")

    def __str__(self) -> str:
        return f"{self.name}: {self.months}"
