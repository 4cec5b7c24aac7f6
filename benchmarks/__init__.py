"""What the issues promise of speed, measured beside a named peer in one run: `python -m benchmarks`."""
