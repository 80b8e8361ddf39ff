"""What keeps the sources running: workers, streams, the schedule, control and health."""
