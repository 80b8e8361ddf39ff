"""What leaves the house: exports, pictures and reports, each with a note of what it is and who took it."""
