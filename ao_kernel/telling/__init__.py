"""What the chronicle knows, made ready to be shown: deliveries, summaries, tables, one message with all its parts."""
