"""Loads `knowledge/` into a checked, hashed rule book."""

from siklus.library.loading import Book, load_book

__all__ = ["Book", "load_book"]
