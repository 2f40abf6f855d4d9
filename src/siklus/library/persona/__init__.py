"""Who is owed what, asked in words: "bayi 9 bulan" -> a small life -> what the rules say of it."""

from siklus.library.persona.owed import Group, Owed, Owing, who_is_owed
from siklus.library.persona.reading import read_phrase
from siklus.library.persona.said import Reading
from siklus.library.persona.words import Persona, load_persona

__all__ = ("Group", "Owed", "Owing", "Persona", "Reading", "load_persona", "read_phrase", "who_is_owed")
