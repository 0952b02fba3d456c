"""What leads out of Wordlight and in from elsewhere."""
