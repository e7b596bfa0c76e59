"""JavaScript and TypeScript: syntax, parser, evaluator."""
