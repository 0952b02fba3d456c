"""The library: every transcript there is, searched, tagged, backed up."""
