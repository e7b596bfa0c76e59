"""What starts a process, and what that process receives."""
