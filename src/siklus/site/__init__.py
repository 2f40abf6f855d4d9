"""Settings, addresses and the `siklus` command: where the rooms are put together."""
