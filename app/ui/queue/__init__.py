"""The queue: what is dropped, how far each recording is, and the options of the next."""
