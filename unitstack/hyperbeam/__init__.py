"""ao's mainnet dialect: a HyperBEAM-compatible node in front of any cast of units, and a node elsewhere as units."""
