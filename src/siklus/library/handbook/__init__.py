"""The handbook: every rule in Indonesian sentences, with windows, pictures of its examples, and sources."""

from siklus.library.handbook.pages import handbook

__all__ = ("handbook",)
