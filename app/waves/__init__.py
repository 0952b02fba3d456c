"""The smallest.ai Waves speech service through app/net. No Qt, no store."""
