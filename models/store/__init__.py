"""The memory: the only place that speaks SQL. `open_store` gives the engine that the settings name."""

from models.store.protocol import Store

__all__ = ["Store"]
