"""The figures that screens show, computed from what is stored. No input or output."""
