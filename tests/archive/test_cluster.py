"""The tables for a cluster: read by the engine's own parser, never run (there is no cluster here)."""

import re

import pytest

from openroads.archive.client import Archive
from openroads.archive.cluster import SHARDING, Cluster, cluster_ddl, unplaced

WHOLE = list(cluster_ddl(Cluster("roads", "windmee")))


def test_the_engines_parser_reads_every_statement(archive: Archive) -> None:
    for statement in WHOLE:
        read = archive.table("SELECT formatQuery({sql:String}) AS f", {"sql": statement})
        told = re.sub(r"\s+", " ", read["f"][0].as_py())
        if "ON CLUSTER" in statement:
            assert "ON CLUSTER roads" in told, told
        if "Replicated" in statement:
            assert re.search(r"Replicated(Replacing|Summing)MergeTree\('/clickhouse/tables/\{uuid\}/\{shard\}', '\{replica\}'", told)  # fmt: skip


def test_a_statement_that_is_none_is_not_read(archive: Archive) -> None:
    with pytest.raises(Exception, match="SYNTAX_ERROR"):
        archive.table("SELECT formatQuery({sql:String}) AS f", {"sql": "CREATE TABLE ON CLUSTER"})


def test_every_table_of_the_schema_has_its_place_and_its_distributed_twin(archive: Archive) -> None:
    assert unplaced() == set()
    made = archive.table(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine != 'MaterializedView'", {},
    )["name"].to_pylist()  # fmt: skip
    text = ";\n".join(WHOLE)
    for name in made:
        assert f"CREATE TABLE IF NOT EXISTS windmee_local.{name} ON CLUSTER roads" in text
        key = re.escape(SHARDING.get(name, "rand()"))
        assert re.search(rf"ENGINE = Distributed\(roads, windmee_local, {name}, {key}\)", text)
    for table in re.findall(r"ENGINE = (\w+)", text):
        assert table.startswith("Replicated") or table in ("Distributed", "Null"), table


def test_versions_of_a_post_stay_together_and_sums_go_where_their_kind_is() -> None:
    assert (SHARDING["post"], SHARDING["passage"]) == ("id", "text_id")
    views = [one for one in WHOLE if "MATERIALIZED VIEW" in one]
    assert len(views) == 3
    for view in views:
        assert re.search(r"TO windmee\.\w+ AS", view) and "FROM windmee_local.delta" in view


@pytest.mark.parametrize("name", ["roads; DROP TABLE post", "", "a b", "1st"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Cluster(name)
