"""Wordlight in a terminal: the same queue, recognisers and exporters, no window."""
