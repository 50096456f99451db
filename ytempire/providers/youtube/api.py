"""The API as Google's client builds it, from the description that the client itself ships."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from googleapiclient.discovery import build_from_document
from googleapiclient.http import build_http

from ytempire.providers.youtube.transport import Untyped


@lru_cache(maxsize=4)
def youtube_api(root: str) -> Untyped:
    """The API below `root`. Building requests is thread-safe, sending them is not: give each its own wire.

    Addresses are rewritten in the description, because the client forces uploads to https when only
    `client_options.api_endpoint` is given (google-api-python-client 2.201), and a sandbox speaks http.
    """
    document = json.loads(
        files("googleapiclient.discovery_cache.documents").joinpath("youtube.v3.json").read_text("utf-8")
    )
    document["rootUrl"] = root
    document["baseUrl"] = root + document.get("servicePath", "")
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, http=build_http())
