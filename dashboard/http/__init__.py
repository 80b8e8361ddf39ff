"""What the server answers beside the screens: the guard, health, the webhook endpoint, the command API."""
