"""What is kept: SQLite, files, settings, the key. No Qt, no HTTP."""
