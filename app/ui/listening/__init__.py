"""The player below the page: sound, waveform, video, and where one is."""
