"""What each form asks, and how its fields become what is recorded."""
