"""Wordlight: turn recordings into text one can trust."""

__version__ = "0.1.0"
