"""Keeping a Siklus safe while it serves: backups that were restored once before they count, restoring, upgrading."""
