"""The memory: the only place that speaks SQL."""

from models.store.protocol import Store

__all__ = ["Store"]
