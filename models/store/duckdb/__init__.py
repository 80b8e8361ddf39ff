"""The embedded engine: one DuckDB file, owned by one process. `store.py` puts its parts together."""
