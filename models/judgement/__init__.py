"""Post → rumour: copies gathered into flows, flows into rumours, and what is suggested of each."""
