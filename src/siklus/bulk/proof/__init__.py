"""Are all engines equal? Lives asked of each of them, what differs made small, and kept as a case."""
