"""YTEMPIRE plans, writes, voices, renders, publishes and accounts for videos on the creator's own server."""
