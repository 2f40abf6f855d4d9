"""Server-rendered pages: words and loops, no sums."""
