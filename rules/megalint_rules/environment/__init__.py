"""What each launched process receives."""
