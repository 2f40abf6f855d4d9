"""Doubles: who stands in the register twice, what people decided of each pair, merging and taking a merge back."""
