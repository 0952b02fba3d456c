"""What is seen: window, views, models. Async code only in the controllers."""
