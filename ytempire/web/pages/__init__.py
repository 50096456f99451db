"""Pages for people: what stands behind one-time links, signing in and out. They work without JavaScript.

Each calls the verbs that the API calls; what differs is the answer: a page instead of a document.
"""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.pages import assets, confirming, connected, joining, resetting, signing_in

ROUTERS: Sequence[APIRouter] = (
    joining.router,
    resetting.router,
    confirming.router,
    signing_in.router,
    connected.router,
    assets.router,
)
