"""ao as bytes and values: items, messages, assignments, results. Nothing here waits."""
