"""The embedded engine: one DuckDB file, owned by one process."""
