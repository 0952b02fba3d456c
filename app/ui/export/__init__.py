"""Transcripts written out, and taken in from elsewhere."""
