"""Launch template versions: which one is asked for, and which one is meant."""
