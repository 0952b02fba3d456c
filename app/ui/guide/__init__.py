"""Finding one's way: the first steps, every action by its name, panes by keys, what is said."""
