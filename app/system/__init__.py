"""What every room asks of the operating system: files, locks, children, clocks."""
