"""Rows that let somebody in: sessions, API keys, invitations, reset links."""
