"""A complete ao network in Python."""
