"""The ``megalint`` command."""
