"""The compute unit: folds each process log into its state."""
