"""view → go.Figure: pure functions, without input or output."""
