"""What the build freezes, and how requests are routed."""
