"""Pass 5. Link what the files of a checkout say; the only pass that looks across files."""
