"""A video with an hour is private until then, by the platform's own clock."""

from __future__ import annotations

from datetime import timedelta

import httpx

from ytempire.channels.model import Visibility
from ytempire.kit.clock import SetClock


async def test_a_video_with_an_hour_is_private_until_then(stage, sandbox, film):
    await stage.set_up(film, visibility=Visibility.PUBLIC)
    hour = (stage.clock.now() + timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    await stage.new_video(publish_at=hour)
    seen = await stage.publish()
    assert (seen.visibility, seen.read_back) == ("private", ())
    assert any(note.startswith("private until it goes public at") for note in seen.notes)
    assert f"{hour:%Y-%m-%dT%H:%M}" in httpx.get(seen.url).text, "the platform knows the hour"
    after = hour + timedelta(minutes=1)
    sandbox.post("/_clock", absolute=after.isoformat())
    stage.clock = SetClock(after)
    again = await stage.publish()
    assert (again.platform_id, again.visibility, again.read_back) == (seen.platform_id, "public", ())
    await stage.new_video(publish_at=hour)
    assert (await stage.publish()).visibility == "public", "an hour that has passed is not waited for"
