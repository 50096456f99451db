"""Events: what happened, kept in the order in which it became true, and told to whoever follows."""

from ytempire.events.announcing import announce
from ytempire.events.follow import BEAT_S, Beat, Followers, ProgressOf, Told
from ytempire.events.store import events_after, last_number

__all__ = ["BEAT_S", "Beat", "Followers", "ProgressOf", "Told", "announce", "events_after", "last_number"]
