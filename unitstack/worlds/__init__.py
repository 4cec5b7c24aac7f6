"""A whole network as one thing that can be put aside, gone back to, and split: snapshots, rewinding, forks, time."""
