"""Forms as data: what is asked, of whom, where, in which order, and into which records the answers go."""

from siklus.library.forms.catalogue import Catalogue, load_forms, read_forms

__all__ = ("Catalogue", "load_forms", "read_forms")
