"""Wordlight: turn recordings into text one can trust."""

__version__ = "0.1.0"

APP_ID = "io.github.wordlight.Wordlight"
"""What the desktop calls the program: its desktop file, AppStream, the window's class."""
