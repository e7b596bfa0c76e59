"""Templates before they are scripts."""
