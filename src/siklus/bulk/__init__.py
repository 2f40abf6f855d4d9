"""Whole populations: records out of the database into DuckDB, everything computed from them at once, and back."""
