"""Painting of one row."""
