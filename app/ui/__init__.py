"""What is seen: the window and a room for each feature; coroutines only in controllers."""
