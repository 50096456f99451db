"""The Data API's error bodies, by `error.errors[].reason`, and the token endpoint's, by `error`."""

from typing import Any, Final

from fastapi.responses import JSONResponse

ERRORS: Final[dict[str, tuple[int, str, str]]] = {
    # reason: (HTTP status, domain, message)
    "authError": (401, "global", "Invalid Credentials"),
    "required": (401, "global", "Login Required."),
    "insufficientPermissions": (403, "global", "Request had insufficient authentication scopes."),
    "youtubeSignupRequired": (401, "youtube.header", "The account has no YouTube channel."),
    "forbidden": (403, "youtube.common", "The request is not properly authorized."),
    "quotaExceeded": (403, "youtube.quota", "The request cannot be completed because you have exceeded your quota."),
    "uploadLimitExceeded": (400, "youtube.video", "The user has exceeded the number of videos they may upload."),
    "rateLimitExceeded": (429, "youtube.quota", "Too many requests."),
    "userRequestsExceedRateLimit": (429, "youtube.quota", "Too many requests of this user."),
    "uploadRateLimitExceeded": (429, "youtube.thumbnail", "The channel has uploaded too many thumbnails recently."),
    "missingRequiredParameter": (400, "youtube.parameter", "A required parameter is missing."),
    "invalidParameter": (400, "youtube.parameter", "The request contains an invalid parameter."),
    "unexpectedPart": (400, "youtube.part", "The part parameter names an unknown part."),
    "invalidPageToken": (400, "youtube.parameter", "The page token is not valid."),
    "badRequest": (400, "global", "The request could not be understood."),
    "parseError": (400, "global", "Parse Error"),
    "invalidTitle": (400, "youtube.video", "The request metadata specifies an invalid or empty video title."),
    "invalidDescription": (400, "youtube.video", "The request metadata specifies an invalid video description."),
    "invalidTags": (400, "youtube.video", "The request metadata specifies invalid video keywords."),
    "invalidCategoryId": (400, "youtube.video", "The categoryId property has an invalid value."),
    "invalidPublishAt": (400, "youtube.video", "The request metadata specifies an invalid scheduled publishing time."),
    "invalidVideoMetadata": (400, "youtube.video", "The request metadata is invalid."),
    "mediaBodyRequired": (400, "youtube.video", "The request does not include the video content."),
    "invalidFilename": (400, "youtube.video", "The file name is invalid."),
    "videoNotFound": (404, "youtube.video", "The video could not be found."),
    "channelNotFound": (404, "youtube.channel", "The channel could not be found."),
    "playlistNotFound": (404, "youtube.playlist", "The playlist could not be found."),
    "playlistTitleRequired": (400, "youtube.playlist", "The request must specify a playlist title."),
    "invalidPlaylistSnippet": (400, "youtube.playlist", "The playlist snippet is invalid."),
    "playlistItemNotFound": (404, "youtube.playlistItem", "The playlist item could not be found."),
    "playlistItemsNotAccessible": (403, "youtube.playlistItem", "The playlist items are not accessible."),
    "playlistOperationUnsupported": (400, "youtube.playlistItem", "The operation is unsupported for this playlist."),
    "invalidImage": (400, "youtube.thumbnail", "The provided image content is invalid."),
    "mediaBodyTooLarge": (413, "youtube.thumbnail", "The image is too large."),
    "captionExists": (409, "youtube.caption", "A track of this language and name exists already."),
    "captionNotFound": (404, "youtube.caption", "The caption track could not be found."),
    "contentRequired": (400, "youtube.caption", "The request does not contain the caption track contents."),
    "invalidMetadata": (400, "youtube.caption", "The caption's metadata is invalid."),
    "nameTooLong": (400, "youtube.caption", "The caption's name is longer than 150 characters."),
    "invalidContentRange": (400, "global", "The Content-Range header does not fit the session."),
    "sessionGone": (404, "global", "The upload session is gone."),
    "accountDelegationForbidden": (403, "youtube.header", "The account may not act for this channel."),
    "backendError": (500, "global", "Backend Error"),
    "internalError": (503, "global", "Internal error"),
}

TOKEN_ERRORS: Final[dict[str, tuple[int, str]]] = {
    "invalid_grant": (400, "Token has been expired or revoked."),
    "invalid_client": (401, "The OAuth client was not found."),
    "invalid_request": (400, "A required parameter is missing or wrong."),
    "unsupported_grant_type": (400, "Invalid grant_type."),
    "invalid_token": (400, "Token expired or revoked"),
    "redirect_uri_mismatch": (400, "Bad Request"),
}

_STATUS_NAMES: Final[dict[int, str]] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Refused(Exception):  # noqa: N818 - named for what the vendor does
    """A call the Data API answers with an error of this reason."""

    def __init__(self, reason: str, message: str | None = None, location: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.message, self.location = reason, message, location


class TokenRefused(Exception):  # noqa: N818 - named for what the vendor does
    """A call the OAuth server answers with an error."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(error)
        self.error, self.description = error, description


def answer(
    reason: str, message: str | None = None, location: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The vendor's answer for a reason, of the Data API or of the token endpoint."""
    if reason in TOKEN_ERRORS:
        status, description = TOKEN_ERRORS[reason]
        return JSONResponse({"error": reason, "error_description": message or description}, status, headers=headers)
    status, domain, default = ERRORS[reason]
    item: dict[str, Any] = {"message": message or default, "domain": domain, "reason": reason}
    if location:
        item |= {"location": location, "locationType": "parameter"}
    body: dict[str, Any] = {"code": status, "message": message or default, "errors": [item]}
    if status in _STATUS_NAMES:
        body["status"] = _STATUS_NAMES[status]
    sent = dict(headers or {})
    if status == 401:
        sent["www-authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return JSONResponse({"error": body}, status, headers=sent)
