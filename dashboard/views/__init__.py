"""store → a frozen view object, one a screen."""
