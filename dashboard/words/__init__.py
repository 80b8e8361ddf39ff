"""The sentences that a user reads, and how times and posts are written on a screen."""
