"""The speech service: account, key, deliveries, and what was lost on the way."""
