"""Publishing: release, exactly one upload, read-back and repair."""

from ytempire.publishing.release import make_release_step, release
from ytempire.publishing.upload import AlreadyPublished

__all__ = ["AlreadyPublished", "make_release_step", "release"]
