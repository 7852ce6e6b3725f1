"""Posts of a source on their way into the archive: masked, analysed, filed and stored, page by page."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from openroads.archive.ingest import Landed, ingest
from openroads.connectors.port import Page
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.analysing import analysed
from openroads.listening.erasing.masking import MaskedPages
from openroads.listening.labels.taught import taught_for
from openroads.listening.models import Source
from openroads.listening.origins import origin_of
from openroads.listening.topics.filing import note_landed
from openroads.listening.topics.queries import standing


def taken_in(source: Source, pages: Iterable[Page]) -> Iterator[tuple[Page, Landed]]:
    """Each page when it is durable, with what became of its posts: whoever keeps a cursor saves it then."""
    origin = origin_of(source, source.brand_id)
    taught = taught_for(lambda: source.pk)
    for page, analysis in analysed(MaskedPages().of(pages), queries.reader(), taught=taught):
        topics = standing()
        landed = ingest(
            archive(), page.messages, analysis, origin, now=timezone.now(), topics=topics
        )
        note_landed(topics, landed)
        yield page, landed
