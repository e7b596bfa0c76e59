"""Rules about the comments that ask to ignore findings."""
