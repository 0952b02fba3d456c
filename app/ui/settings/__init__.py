"""Settings, keys and watched folders."""
