"""The `ao` command: one module a group of commands."""
