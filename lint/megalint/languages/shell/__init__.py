"""Shell scripts: a parser that agrees with bash, and an interpreter that starts nothing."""
