"""The models on this computer: fetched, chosen and removed."""
