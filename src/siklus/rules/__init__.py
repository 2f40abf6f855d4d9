"""The rule language: one typed tree, and everything that can be made of it. Pure."""
