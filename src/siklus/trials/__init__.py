"""Cases a district keeps: small lives with what should come out, which every later rule book must pass."""
