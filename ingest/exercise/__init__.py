"""The simulated incident, its script and its texts."""
