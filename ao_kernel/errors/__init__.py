"""A mistake as its author can use it: what went wrong, the line that was written, who called it, and a hint."""
