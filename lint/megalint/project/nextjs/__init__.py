"""The model of Next.js: when expressions are evaluated, and how requests are routed."""
