"""Getting a recording ready: look at it, plan, convert, cut. ffmpeg, no Qt, no HTTP."""
