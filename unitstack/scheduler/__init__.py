"""The scheduler unit: gives each process one order of messages."""
