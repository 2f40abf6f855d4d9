"""Whether the examples of the rules show enough: each status, the days beside each limit, both sides of thresholds."""
