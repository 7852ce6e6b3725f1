"""Names of erased authors in what others wrote: masked in what is here, and in whatever comes later."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.pipeline import Analysis
from openroads.archive.masking import Mask, Masks, count_named, mask_of, mask_posts, posts_naming
from openroads.archive.queries.authors import SHORTEST_NAME
from openroads.connectors import files
from openroads.connectors.files import Reading
from openroads.connectors.port import Page
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.apart import analyse
from openroads.listening.erasing.models import Erasure

MOST_NAMES = 20


@dataclass(frozen=True)
class Named:
    """A name, and the posts of others in which it stands."""

    name: str
    posts: int


def masks_of(names: Iterable[str]) -> Masks:
    """The masks of these names, under the secret of this house."""
    secret: bytes = settings.OPENROADS.author_key
    return Masks([mask for name in names if (mask := mask_of(name, secret))], secret)


def masks_in_force() -> Masks:
    """Everything that is masked in what comes in: asked of the register, which needs no archive."""
    rows = Erasure.objects.exclude(masks=[]).values_list("masks", flat=True)
    kept = [Mask(int(words), int(key)) for masks in rows for words, key in masks]
    return Masks(kept, settings.OPENROADS.author_key)


def as_kept(masks: Masks) -> list[list[str]]:
    """Masks as the register keeps them; as text, because JSON of other programs loses digits."""
    pairs = sorted((mask.words, mask.key) for mask in masks.all)
    return [[str(words), str(key)] for words, key in pairs]


def check_names(names: Sequence[str]) -> None:
    """Raise ValidationError for a name that cannot be masked, or is one of our own."""
    ours = queries.own_handles() | {name.lower() for name in Brand.objects.values_list("name", flat=True)}  # fmt: skip
    for name in names:
        if not masks_of([name]):
            raise ValidationError(_("“%(name)s” is no name of one to six words.") % {"name": name})
        if name.strip().lower().removeprefix("@") in ours:
            raise ValidationError(_("“%(name)s” is a name of your own company.") % {"name": name})
    if len(names) > MOST_NAMES:
        raise ValidationError(_("Give twenty names at most."))


def named_by_others(names: Sequence[str], keys: Sequence[int]) -> list[Named]:
    """In how many posts of others (all but these pseudonyms) each name stands."""
    return [
        Named(name, count_named(archive(), posts_naming(archive(), [name], but_of=keys), masks_of([name])))
        for name in names
    ]  # fmt: skip


def names_of(erasure: Erasure) -> list[str]:
    """What is masked for an erasure that is not done yet: handle and names; none when nothing is."""
    if not erasure.mask_mentions or not erasure.handle:
        return []
    more: list[str] = json.loads(erasure.names or "[]")
    return [erasure.handle, *more]


def long_names_of(erasure: Erasure) -> list[str]:
    """Those of them that can be looked for letter by letter."""
    return [name for name in names_of(erasure) if len(name) >= SHORTEST_NAME]


def mask_archive(erasure: Erasure) -> int:
    """Mask the names of an erasure in every post that is here; returns how many changed."""
    names = names_of(erasure)
    reader = queries.reader()

    def words_of(texts: list[str], languages: list[str]) -> Analysis:
        known = [each if each in reader.languages else "" for each in languages]
        return analyse(reader, texts, languages, known)

    ids = posts_naming(archive(), names)
    return mask_posts(archive(), ids, masks_of(names), words_of)


def left_in_archive(erasure: Erasure) -> int:
    """Posts in which a name stands still, or again: read ahead before the register knew of it."""
    names = names_of(erasure)
    return count_named(archive(), posts_naming(archive(), names), masks_of(names)) if names else 0


def stand_in_file(path: Path, reading: Reading) -> bool:
    """Whether a name that is masked now stands in an uploaded file."""
    if not masks_in_force():
        return False
    pages = MaskedPages()
    return any(pages.posts for _ in pages.of(files.read(path, reading, now=timezone.now())))


class MaskedPages:
    """Pages of a source as they may be taken in; `posts` is how many posts or rejected rows were masked."""

    def __init__(self) -> None:
        self.posts = 0

    def of(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Page by page, with the masks in force by then: a large file is read for an hour."""
        for page in pages:
            masks = masks_in_force()
            yield self._masked(page, masks) if masks else page

    def _masked(self, page: Page, masks: Masks) -> Page:
        messages = [masks.in_message(message) for message in page.messages]
        rejected = [replace(row, raw=masks.in_told(row.raw)) for row in page.rejected]
        pairs = [*zip(messages, page.messages, strict=True)]
        rows = [*zip(rejected, page.rejected, strict=True)]
        self.posts += sum(new is not old for new, old in pairs) + sum(new != old for new, old in rows)  # fmt: skip
        return replace(page, messages=messages, rejected=rejected)
