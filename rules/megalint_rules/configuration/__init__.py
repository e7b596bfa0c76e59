"""Rules on the configuration of megalint itself."""
