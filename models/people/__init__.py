"""What people do: acts and their checks, incidents and their areas, the audit chain of decisions."""
