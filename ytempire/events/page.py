"""Writes docs/reference/events.md from the kinds of news, an example of each: `make docs`. A test compares the two."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from ytempire.events import model
from ytempire.events.model import News, kinds, on_wire

_HEAD = """# Events

What happened to your videos, plan, budgets and channels, in the order in which it became true. How to learn of it:

- `GET /api/v1/events` with `Accept: text/event-stream` sends them as they happen (server-sent events). `Last-Event-ID`
  resumes: none is lost and none comes twice. In a browser `new EventSource("/api/v1/events")` does all of it.
- The same address without that header is a list; ask again with `after` = `last` of the answer before.
- `types` leaves only some, for both: `?types=video.published&types=video.review_wanted`.
- A webhook: your server is told ([how](../how-to/webhooks.md)).

An event is written in the transaction in which it happens: there is none of what was rolled back. `id` counts each
user's events without a gap. They are kept for `YTEMPIRE_EVENT_DAYS` days; a stream resumed from before that begins with
the oldest there is. A stream sends a comment every 15 seconds, and ends after 15 minutes or with the session or API key
that opened it; what opens it again goes on where it was.

New types may come, and new fields in `data`. Made from `ytempire/events/` by `make docs`.
"""
_VIDEO = UUID("0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6")
_CHANNEL = UUID("0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e7")
_WEBHOOK = UUID("0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e8")
_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
_DAY = date(2026, 11, 25)
_SLOT = "2026-11-25/1"
EXAMPLES: dict[str, tuple[object, News]] = {
    news.type: (subject, news)
    for subject, news in (
        (_VIDEO, model.VideoOrdered(channel_id=_CHANNEL, topic="Why the giant squid has three hearts")),
        (
            _VIDEO,
            model.VideoChanged(channel_id=_CHANNEL, title="Three Hearts", state="ready", was="producing", reason=""),
        ),
        (_VIDEO, model.ReviewWanted(channel_id=_CHANNEL, title="Three Hearts", reason="")),
        (_VIDEO, model.StepBegun(step="render", tries=1)),
        (_VIDEO, model.StepDone(step="render")),
        (_VIDEO, model.StepFailed(step="voice", cause="the vendor does not answer")),
        (
            _VIDEO,
            model.VideoPublished(
                channel_id=_CHANNEL,
                platform="youtube",
                url="https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                visibility="public",
            ),
        ),
        (_VIDEO, model.Progress(step="render", share=0.42)),
        (
            _SLOT,
            model.SlotClaimed(local_day=_DAY, number=1, channel_id=_CHANNEL, video_id=_VIDEO, driver="built-in"),
        ),
        (
            _SLOT,
            model.SlotDeferred(
                local_day=_DAY, number=1, why="no_source", reason="No channel has a source. Add a text or a feed."
            ),
        ),
        (_VIDEO, model.RunTakenOver(driver="n8n", reason="n8n was silent for 15 minutes after the step script.")),
        (_CHANNEL, model.ConnectionBroken(reason="Google no longer accepts the authorisation.")),
        (
            "platform-day:2026-11-25",
            model.BudgetNear(budget="platform-day", words="platform-day, which all users share, has come near its cap"),
        ),
        (
            f"video:{_VIDEO}",
            model.BudgetRefused(
                budget="video", words="script: $0.020000 more would pass the cap of budget video ($3.000000)"
            ),
        ),
        (
            "platform-day:2026-11-25",
            model.BudgetUsedUp(budget="platform-day", words="the day's money is used up; videos wait for the next"),
        ),
        (f"video:{_VIDEO}", model.BudgetOverrun(budget="video", words="the bill was $0.001000 above its hold")),
        (
            f"video:{_VIDEO}",
            model.BudgetUnpriced(budget="video", words="script: no price for a-new-model; its whole hold was booked"),
        ),
        (_WEBHOOK, model.WebhookDisabled(url="https://studio.example.org/hook", reason="it answered 410 Gone")),
        (_WEBHOOK, model.WebhookTest(words="It works.")),
    )
}


def events_page() -> str:
    """The page in Markdown. Raises KeyError for a type without an example."""
    return _HEAD + "".join(_shown(kind) for kind in kinds(News))


def _shown(kind: type[News]) -> str:
    subject, news = EXAMPLES[kind.type]
    kept = None if kind is model.Progress else 1042
    event = json.loads(on_wire(kept, kind.type, str(subject), news.data(), _AT))
    says = " ".join((kind.__doc__ or "").split())
    return f"\n## `{kind.type}`\n\n{says}\n\n```json\n{json.dumps(event, indent=2, ensure_ascii=False)}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(events_page())
