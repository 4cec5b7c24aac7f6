"""The ao network that a session is on: one of its own in this process, or one that others run."""
