"""Bring a database to the newest schema: every numbered file that it has not run, each in its own transaction."""

from importlib.resources import files

import duckdb

from models.clock import Clock
from models.errors import StoreError
from models.store.duckdb import named_sql


def migrate(connection: duckdb.DuckDBPyConnection, clock: Clock) -> None:
    """Raises StoreError where a newer Grapevine has written the database."""
    named_sql.write(connection, "create_migrations", {})
    applied = {row["name"] for row in named_sql.read(connection, "applied_migrations", {})}
    folder = files("models.store") / "schema" / "duckdb"
    steps = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    unknown = applied - {step.name for step in steps}
    if unknown:
        raise StoreError(
            f"The database was written by a newer Grapevine (it has {', '.join(sorted(unknown))}). Update Grapevine."
        )
    for step in steps:
        if step.name not in applied:
            connection.begin()
            connection.execute(step.read_text(encoding="utf-8"))
            named_sql.write(connection, "add_migration", {"name": step.name, "applied_at": clock.now()})
            connection.commit()
