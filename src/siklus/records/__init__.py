"""Kinds of record: their checks, corrections, values for the engines, and what they make of a person. Pure."""
