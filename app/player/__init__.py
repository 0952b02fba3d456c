"""Sound and the word that is spoken. QtCore and QtMultimedia, no widgets."""
