"""What the figures on screen mean, computed from what is stored. No input or output."""
