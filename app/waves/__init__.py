"""The smallest.ai Waves speech service over httpx. No Qt, no store."""
