"""Virtual machines that run processes' modules; each behind the same two Protocols."""
