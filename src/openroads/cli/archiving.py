"""`openroads archive ddl`: the archive's tables for a ClickHouse cluster, to look over and run."""

from typing import Annotated

import typer

app = typer.Typer(name="archive", help="The archive's tables.", no_args_is_help=True)


@app.callback()
def _commands() -> None:
    """Keep `ddl` a command of its own, also while it is the only one."""


@app.command("ddl")
def ddl(
    cluster: Annotated[str, typer.Option(help="The cluster's name in ClickHouse's configuration.")],
    database: Annotated[
        str, typer.Option(help="Database of the distributed tables; the rows stand in NAME_local.")
    ] = "openroads",
) -> None:
    """Print the SQL that makes the archive's tables, sharded and replicated, on a ClickHouse cluster.

    Nothing is run. How many shards and replicas there are is the cluster's own configuration.
    """
    from openroads.archive.cluster import Cluster, cluster_ddl  # noqa: PLC0415 (`--help` must be quick)

    try:
        statements = list(cluster_ddl(Cluster(cluster, database)))
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None
    for statement in statements:
        typer.echo(f"{statement};\n")
