"""Passes 3 and 4. One module per kind of file: parse it, and name what it says."""
