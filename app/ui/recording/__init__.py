"""Recording in the window: what is recorded, and how it stands while it is."""
