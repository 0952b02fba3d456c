"""Parts that know nothing of the app."""
