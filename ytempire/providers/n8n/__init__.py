"""n8n, as the driver that waits for us."""

from ytempire.providers.n8n.teller import HttpTeller

__all__ = ["HttpTeller"]
