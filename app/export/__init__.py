"""Transcripts to files of every format and back, as pure functions on values."""
