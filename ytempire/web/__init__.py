"""The web room: the REST API, what surrounds every request, and the server that runs it."""

from ytempire.web.app import create_app
from ytempire.web.cursors import Cursors
from ytempire.web.links import link
from ytempire.web.parts import Parts
from ytempire.web.serve import address_of, last_url, listen, serve

__all__ = ["Cursors", "Parts", "address_of", "create_app", "last_url", "link", "listen", "serve"]
