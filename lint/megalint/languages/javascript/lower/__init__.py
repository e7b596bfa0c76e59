"""From tree-sitter's nodes to ours: one module each for expressions, statements and JSX."""
