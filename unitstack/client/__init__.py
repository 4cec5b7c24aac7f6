"""The client: signs, sends and waits for a person or a program."""
