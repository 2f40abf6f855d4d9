"""Lists from Excel and CSV: read, checked row by row, matched to people, kept as records, and taken back again."""
