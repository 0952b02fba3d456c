"""The page: the text of a transcript, read, searched and put right."""
