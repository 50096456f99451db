"""Publishing: release, exactly one upload, read-back and repair."""

from ytempire.publishing.forget import forget_api_data
from ytempire.publishing.quota import usual_quota
from ytempire.publishing.release import make_release_step, release
from ytempire.publishing.rules import GONE
from ytempire.publishing.store import is_online
from ytempire.publishing.upload import AlreadyPublished

__all__ = ["GONE", "AlreadyPublished", "forget_api_data", "is_online", "make_release_step", "release", "usual_quota"]
