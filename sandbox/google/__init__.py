"""Stand-in for Google's OAuth server and the YouTube Data API v3, resumable upload included."""
