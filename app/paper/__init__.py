"""Transcripts on paper: PDF by Qt, which shapes every script and knows the fonts."""
