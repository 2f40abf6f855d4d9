"""Loads `knowledge/` into a checked, hashed rule book."""
