"""Python: parsed with libcst, evaluated on demand, never run."""
