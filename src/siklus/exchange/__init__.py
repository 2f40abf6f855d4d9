"""Adapters to files and other systems, each alone."""
