"""The archive's tables for a ClickHouse cluster: the same schema, sharded and replicated, as SQL to look
over and run.

Two databases: the pages and jobs ask NAME, where every table that grows is a Distributed one; the
rows stand in NAME_local, a part of them on every shard, each part on every replica.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openroads.archive.queries.steps import CREATE_STEPS
from openroads.archive.steps import known_steps, statements

SHARDING = {
    # Every version of a post has its id, so that FINAL on one shard sees them all; what is looked
    # up by its copies or authors is asked of every shard.
    "post": "id",
    "topic_post": "id",
    "term": "id",
    "passage": "text_id",
    # The sums of one term, one day and one draw come together on one shard.
    "term_period": "term",
    "volume_day": "toUInt64(day)",
    "counted_post": "draw",
    "unsettled_month": "0",
    "step": "0",
    "erased_author": "author_key",
}
"""By what rows are spread."""

_CREATE = re.compile(r"^CREATE (TABLE|MATERIALIZED VIEW) IF NOT EXISTS (\w+)(?: TO (\w+))?")
_ALTER = re.compile(r"^ALTER TABLE (\w+)")
_DROP = re.compile(r"^DROP (?:TABLE|VIEW) IF EXISTS (\w+)")
_ENGINE = re.compile(r"^ENGINE = (\w*MergeTree)(?:\(((?:[^()]|\([^()]*\))*)\))?", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Cluster:
    """Where the tables are made: the name ClickHouse's configuration gives the cluster, and the database."""

    name: str
    database: str = "openroads"

    def __post_init__(self) -> None:
        for word in (self.name, self.database):
            if not _NAME.fullmatch(word):
                raise ValueError(f"{word!r} is no name: letters, figures and _ only.")

    @property
    def local(self) -> str:
        return f"{self.database}_local"


def cluster_ddl(cluster: Cluster) -> Iterator[str]:
    """Every statement, in the order they must be run; each may be run twice.

    Shards and replicas are those of the cluster: `{shard}` and `{replica}` are macros each server
    fills in by itself.
    """
    everywhere = f"ON CLUSTER {cluster.name}"
    for database in (cluster.local, cluster.database):
        yield f"CREATE DATABASE IF NOT EXISTS {database} {everywhere}"
    made: list[str] = []
    views: list[str] = []
    for statement in _lasting():
        found = _CREATE.match(statement)
        if found is None:
            yield _altered(statement, cluster)
        elif found[1] == "TABLE":
            made.append(found[2])
            yield _table(statement, cluster)
        else:
            views.append(_view(statement, cluster))
    for name in made:
        key = SHARDING.get(name, "rand()")
        yield (
            f"CREATE TABLE IF NOT EXISTS {cluster.database}.{name} {everywhere} "
            f"AS {cluster.local}.{name}\n"
            f"ENGINE = Distributed({cluster.name}, {cluster.local}, {name}, {key})"
        )
    # Last, because they write into the distributed sums: a term of a post on this shard may have its sum on another.
    yield from views
    numbers = ", ".join(f"({number}, '{name}', now64(3))" for number, name, _ in known_steps())
    # Names of the schema and one that is checked above; nothing of a user.
    yield f"INSERT INTO {cluster.database}.step (number, name, applied_at) VALUES {numbers}"  # noqa: S608


def unplaced() -> set[str]:
    """Tables of the schema nobody has said how to spread."""
    names = {
        found[2]
        for _, _, text in known_steps()
        for statement in statements(text)
        if (found := _CREATE.match(statement)) and found[1] == "TABLE"
    }
    return names - set(SHARDING) - {"delta"}


def _lasting() -> list[str]:
    """The statements that make the schema as it is now: without what a later step does away with, and
    without what a step does to rows, of which there are none yet."""
    lasting: list[str] = []
    for text in (CREATE_STEPS, *(text for _, _, text in known_steps())):
        for statement in statements(f"{text.strip().rstrip(';')};\n"):
            if gone := _DROP.match(statement):
                lasting = [one for one in lasting if _name(one) != gone[1]]
            elif _name(statement):
                lasting.append(statement)
    return lasting


def _name(statement: str) -> str:
    """The table or view that is made or changed; none for a change of rows."""
    if found := _CREATE.match(statement):
        return found[2]
    return found[1] if (found := _ALTER.match(statement)) else ""


def _table(statement: str, cluster: Cluster) -> str:
    name = _CREATE.match(statement)[2]  # type: ignore[index]
    head = f"CREATE TABLE IF NOT EXISTS {cluster.local}.{name} ON CLUSTER {cluster.name}"
    statement = _CREATE.sub(head, statement, count=1)

    def replicated(found: re.Match[str]) -> str:
        place = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"
        given = f", {found[2]}" if found[2] else ""
        return f"ENGINE = Replicated{found[1]}({place}{given})"

    return _ENGINE.sub(replicated, statement, count=1)


def _altered(statement: str, cluster: Cluster) -> str:
    return _ALTER.sub(
        rf"ALTER TABLE {cluster.local}.\1 ON CLUSTER {cluster.name}", statement, count=1
    )


def _view(statement: str, cluster: Cluster) -> str:
    found = _CREATE.match(statement)
    assert found is not None
    head = (
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {cluster.local}.{found[2]} ON CLUSTER {cluster.name} "
        f"TO {cluster.database}.{found[3]}"
    )
    return _CREATE.sub(head, statement, count=1).replace(
        "\nFROM delta\n", f"\nFROM {cluster.local}.delta\n"
    )
