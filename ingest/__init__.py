"""How posts arrive."""
