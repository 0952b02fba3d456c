"""Recording: devices, the process that records, and sound that survives whatever happens."""
