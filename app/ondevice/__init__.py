"""Recognition on this computer, in a child process. No Qt, no HTTP client."""
