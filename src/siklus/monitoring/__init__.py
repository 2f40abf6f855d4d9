"""Coverage and SPM: how many of whom got all they are owed."""
