"""The model of Next.js: when each expression of an app is evaluated, and how requests are routed."""
