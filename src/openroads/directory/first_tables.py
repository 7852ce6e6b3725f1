"""The tables of a house that begins: those of the last step, with every migration marked as done."""

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

OURS = "openroads."


def make_first_tables(connection: BaseDatabaseWrapper, *, verbosity: int = 0) -> None:
    """Fill a database without any table, in one transaction, with what all migrations together leave
    (a test compares the two on both databases). Of migrations that run code, those of the house run
    that are not `elidable`, as Django calls what only brings rows along: there are none yet, and the
    models such code knows may be no more. Those of the libraries bring rows along, all of them."""
    alias = connection.alias
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    # What the migrations say of the models at the end, which is where they all lead.
    state = executor.loader.project_state()
    apps = state.apps
    emit_pre_migrate_signal(verbosity, False, alias, apps=apps, plan=plan)
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection) and router.allow_migrate_model(alias, model):
                editor.create_model(model)
        for migration, _backwards in plan:
            if type(migration).__module__.startswith(OURS):
                for operation in migration.operations:
                    if isinstance(operation, RunPython | RunSQL) and not operation.elidable:
                        operation.database_forwards(migration.app_label, editor, state, state)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.migration_qs.bulk_create(
            [
                recorder.Migration(app=migration.app_label, name=migration.name)
                for migration, _backwards in plan
            ]
        )
    emit_post_migrate_signal(verbosity, False, alias, apps=apps, plan=plan)
