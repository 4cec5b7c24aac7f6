"""The messenger unit: takes messages in and carries out what processes ask for."""
