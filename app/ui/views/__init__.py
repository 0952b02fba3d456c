"""Composed screens, without async code or store."""
