"""The player below the page: sound, waveform, pictures, and where one is."""
