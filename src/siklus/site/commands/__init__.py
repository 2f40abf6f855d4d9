"""The subcommands of `siklus`, one module each."""
