"""Places, facilities, households and persons: who lives where."""
