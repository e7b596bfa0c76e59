"""Parsers and abstract evaluators, one package a language; they know nothing of Next.js or AWS."""
