"""Publishing: release, exactly one upload, read-back and repair."""

from ytempire.publishing.forget import forget_api_data
from ytempire.publishing.release import make_release_step, release
from ytempire.publishing.upload import AlreadyPublished

__all__ = ["AlreadyPublished", "forget_api_data", "make_release_step", "release"]
