"""Reading the register: an entry per source with its holes, and what platforms asked to delete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.state import kept
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.keeping.forms import months_words
from openroads.listening.keeping.models import Keeping
from openroads.listening.keeping.queries import (
    forgotten_after,
    house_rule,
    kept_elsewhere,
    months_of,
)
from openroads.listening.models import Controller, Entry, PlatformDeletion, Source
from openroads.listening.register.models import THE_CONTROLLER, WITHIN
from openroads.ui.formats import listed
from openroads.ui.networks import network_word

DAYS = 30
"""Over which deletions by platforms are told."""


@dataclass(frozen=True)
class Registered:
    """A source as the register has it, in the reader's language. `holes` are what the law asks and
    nobody said yet."""

    source: Source
    entry: Entry | None
    months: int
    holes: Sequence[str]

    @property
    def is_personal(self) -> bool:
        """Whether it holds data of people: the company's own texts do not."""
        return self.source.brings_posts

    @property
    def whence(self) -> str:
        """Where it comes from, as a reader knows it."""
        if self.source.kind == Source.Kind.FEED:
            return f"{self.source.get_kind_display()}: {self.source.address}"
        if self.source.kind in (Source.Kind.NETWORK, Source.Kind.FILE):
            return network_word(self.source.network)
        return self.source.address or str(self.source.get_kind_display())

    @property
    def public_whence(self) -> str:
        """The same for the public: of a feed the site alone, because an address may be a secret."""
        if self.source.kind == Source.Kind.FEED:
            return (
                f"{self.source.get_kind_display()}: {urlsplit(self.source.address).hostname or ''}"
            )
        return self.whence

    @property
    def told_alike(self) -> tuple[str, ...]:
        """What the public is told of it: sources of which the same is told are told of together."""
        interest = self.entry.interest if self.entry else ""
        return (self.source.purpose, self.basis, interest, self.people, self.kinds, self.recipients, self.kept)  # fmt: skip

    @property
    def basis(self) -> str:
        """The legal basis with its place in article 6(1)."""
        if self.entry is None or not self.entry.basis:
            return _("unknown")
        letter = "abcdef"[list(Entry.Basis).index(Entry.Basis(self.entry.basis))]
        return _("%(basis)s (article 6(1)(%(letter)s))") % {
            "basis": self.entry.get_basis_display(), "letter": letter,
        }  # fmt: skip

    @property
    def people(self) -> str:
        """Whose data it is."""
        if self.entry and self.entry.people:
            return self.entry.people
        if not self.is_personal:
            return _("nobody: texts of our own")
        return _("people who write in public about us, and whom they mention")

    @property
    def kinds(self) -> str:
        """Which data."""
        if self.entry and self.entry.kinds:
            return self.entry.kinds
        if not self.is_personal:
            return _("address, title and text of our own pages")
        return _("handle and shown name, text, moment and address of the post, reactions to it; made from these: language, tone, kind, words, a pseudonym")  # fmt: skip

    @property
    def recipients(self) -> str:
        """Who receives it."""
        if self.entry and self.entry.recipients:
            return self.entry.recipients
        return _("colleagues with a role that reads conversations; names only who answers; nobody outside the company")  # fmt: skip

    @property
    def kept(self) -> str:
        """How long it is kept."""
        if not self.is_personal:
            return _("as long as they hold")
        kept = months_words(self.months)
        if days := forgotten_after(self.source):
            return ngettext(
                "%(kept)s; at most %(n)s day without being looked up again",
                "%(kept)s; at most %(n)s days without being looked up again",
                days,
            ) % {"kept": kept, "n": days}
        return kept

    @property
    def is_active(self) -> bool:
        """Whether something is still collected here."""
        return self.source.listening


def controller() -> Controller:
    """The company as controller; empty until somebody says more."""
    return Controller.objects.filter(pk=THE_CONTROLLER).first() or Controller(pk=THE_CONTROLLER)


def register_for(person: Person) -> list[Registered]:
    """Every source this person may see as the register has it, those with holes first."""
    if not policy.may_read_conversations(person):
        return []
    return sorted(_registered(_sources()), key=lambda row: (not row.holes, row.source.name.lower()))


def entry_for(person: Person, source: Source) -> Registered | None:
    """One of them; None for who may not see it."""
    if not policy.may_read_conversations(person):
        return None
    return next(iter(_registered(_sources().filter(pk=source.pk))), None)


def registered_among(sources: Iterable[int]) -> list[Registered]:
    """Some of them by their numbers, for what is handed out to who asks what is held."""
    return _registered(_sources().filter(pk__in=list(sources)))


@dataclass(frozen=True)
class Collected:
    """Sources of which the public is told the same: from where, and one of them for all."""

    whence: str
    row: Registered


def what_is_collected() -> list[Collected]:
    """What the public is told: sources with data of people at which the house listens now, by name."""
    rows = [row for row in _registered(_sources().filter(listening=True)) if row.is_personal]
    alike: dict[tuple[str, ...], list[Registered]] = {}
    for row in sorted(rows, key=lambda row: row.source.name.lower()):
        alike.setdefault(row.told_alike, []).append(row)
    return [
        Collected(listed(dict.fromkeys(row.public_whence for row in some)), some[0])
        for some in alike.values()
    ]


@dataclass(frozen=True)
class KeptBesides:
    """Something besides posts: how it is called here and to the public, and how long it is kept, in words."""

    label: str
    public: str
    kept: str


def kept_besides() -> list[KeptBesides]:
    """What else is kept for a time: what other rooms have."""
    return [
        KeptBesides(str(other.kept.label), str(other.kept.public), months_words(other.months))
        for other in kept_elsewhere()
    ]


def posts_held() -> int:
    """How many posts of people are held, reposts and copies too."""
    return sum(row.posts for row in kept(archive()))


def owners() -> QuerySet[Person]:
    """People who can answer for a source."""
    return Person.objects.filter(is_active=True, is_system=False).order_by("name")


def _sources() -> QuerySet[Source]:
    return Source.objects.select_related("brand", "entry", "entry__owner")


def _registered(sources: QuerySet[Source]) -> list[Registered]:
    house = house_rule()
    return [_row(source, house) for source in sources]


def _row(source: Source, house: Keeping) -> Registered:
    entry: Entry | None = getattr(source, "entry", None)
    months = months_of(source, house)
    return Registered(source, entry, months, tuple(_holes(source, entry, months)))


def _holes(source: Source, entry: Entry | None, months: int) -> list[str]:
    """What the register lacks, said so that somebody can fill it."""
    holes = []
    if not source.purpose:
        holes.append(_("no purpose yet"))
    if not source.brings_posts:
        return holes
    if entry is None or not entry.basis:
        holes.append(_("no legal basis yet"))
    elif entry.basis == Entry.Basis.INTEREST:
        steps = {
            _("interest"): entry.interest,
            _("necessity"): entry.necessity,
            _("balance"): entry.balance,
        }
        missing = [name for name, said in steps.items() if not said.strip()]
        if len(missing) == len(steps):
            holes.append(_("no balancing text yet"))
        elif missing:
            holes.append(_("no balancing text yet for: %(steps)s") % {"steps": ", ".join(missing)})
    if entry is None or entry.owner is None or not entry.owner.is_active:
        holes.append(_("nobody answers for it"))
    if not months:
        holes.append(_("kept for good: no retention yet"))
    return holes


@dataclass(frozen=True)
class DeletedOn:
    """What platforms asked to delete on a day, how much of it is gone, how much too late or not yet."""

    day: date
    heard: int
    done: int
    late: int


@dataclass(frozen=True)
class Deletions:
    """What platforms asked to delete in the last `DAYS` days; `slowest` of those that are done."""

    days: Sequence[DeletedOn]
    heard: int
    done: int
    late: int
    slowest: timedelta | None


def deletions(now: datetime) -> Deletions:
    """Counts per day, newest first. Late: not gone within 24 hours of being heard."""
    rows = PlatformDeletion.objects.filter(
        heard_at__gte=now - timedelta(days=DAYS), heard_at__lte=now
    )
    late = Q(done_at=None, heard_at__lt=now - WITHIN) | Q(done_at__gt=F("heard_at") + WITHIN)
    days = [
        DeletedOn(row["day"], row["heard"], row["done"], row["late"])
        for row in rows.annotate(day=TruncDate("heard_at", tzinfo=timezone.get_current_timezone()))
        .values("day")
        .annotate(
            heard=Sum("posts"),
            done=Sum("posts", filter=Q(done_at__isnull=False), default=0),
            late=Sum("posts", filter=late, default=0),
        )
        .order_by("-day")
    ]
    took = rows.exclude(done_at=None).aggregate(slowest=Max(F("done_at") - F("heard_at")))
    return Deletions(
        days,
        sum(row.heard for row in days),
        sum(row.done for row in days),
        sum(row.late for row in days),
        took["slowest"],
    )
