"""Adapters from core values to Qt's models."""
