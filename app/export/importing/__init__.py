"""Work begun elsewhere: transcripts of other programs, read as our own."""
