"""The edge node: this program at a puskesmas, a device of the district's server and the server of its own phones."""
