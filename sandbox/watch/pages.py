"""The pages' HTML. Everything that came from outside is escaped; no script, nothing from elsewhere."""

import html
from collections.abc import Sequence
from typing import Any, Final

SAFE: Final = {
    "content-security-policy": "default-src 'self'; script-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""Headers of every page and file: nothing from elsewhere, no script at all."""
BADGE = "sandbox — a stand-in for YouTube, not affiliated"


def document(title: str, body: str) -> str:
    """A whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(title)}</title><link rel="stylesheet" href="/watch/style.css"></head><body>'
        f'<header><a class="home" href="/">Watch</a><span class="badge">{BADGE}</span></header>'
        f"<main>{body}</main></body></html>"
    )


def watch(video: dict[str, Any]) -> str:
    """One video's page; the keys are those of `sandbox.watch.facts.facts_of`."""
    e = html.escape
    tracks = "".join(
        f'<track kind="captions" src="/watch/captions/{e(track["id"])}.vtt" srclang="{e(track["language"])}"'
        f' label="{e(track["label"])}"{" default" if at == 0 else ""}>'
        for at, track in enumerate(video["captions"])
    )
    poster = f' poster="/watch/thumbnails/{e(video["id"])}"' if video["thumbnail"] else ""
    shape = "tall" if video["height"] > video["width"] else "wide"
    player = (
        f'<video class="{shape}" controls playsinline preload="metadata"{poster}'
        f' width="{video["width"] or 1280}" height="{video["height"] or 720}">'
        f'<source src="/watch/media/{e(video["id"])}" type="video/mp4">{tracks}</video>'
    )
    if video["failure"]:
        player = f'<p class="broken">This file could not be processed: {e(video["failure"])}.</p>'
    tags = "".join(f"<li>{e(tag)}</li>" for tag in video["tags"])
    facts = "".join(f"<dt>{e(name)}</dt><dd>{e(value)}</dd>" for name, value in video["facts"])
    return document(
        video["title"],
        (
            f'<article class="{shape}">{player}<div class="about"><h1>{e(video["title"])}</h1>'
            f'<p class="by"><a href="/channel/{e(video["channel_id"])}">{e(video["channel"])}</a>'
            f'<span class="mark {e(video["privacy"])}">{e(video["privacy"])}</span>'
            + ('<span class="mark made">altered or synthetic content</span>' if video["synthetic"] else "")
            + f'</p><p class="description">{e(video["description"]) or "<em>No description.</em>"}</p>'
            + (f'<ul class="tags" aria-label="Tags">{tags}</ul>' if tags else "")
            + f'<dl class="facts">{facts}</dl>'
            '<details class="delete"><summary>Delete this video</summary>'
            "<p>It goes for good, with its captions and its places in playlists, as in YouTube Studio.</p>"
            f'<form method="post" action="/_watch/{e(video["id"])}/delete">'
            "<button>Delete for good</button></form></details></div></article>"
        ),
    )


def gone(title: str) -> str:
    """The page of a deleted video."""
    e = html.escape
    return document(
        "Deleted",
        (
            f'<div class="empty"><h1>“{e(title)}” is gone</h1><p>It was deleted. The API does not list it any more.</p>'
            '<p><a href="/">All uploaded videos</a></p></div>'
        ),
    )


def listing(title: str, intro: str, cards: Sequence[dict[str, Any]], channels: Sequence[dict[str, Any]]) -> str:
    """The front page, or a channel's."""
    e = html.escape
    names = "".join(
        f'<li><a href="/channel/{e(row["id"])}">{e(row["title"])}</a> <small>{row["videos"]}</small></li>'
        for row in channels
    )
    shown = "".join(
        f'<li><a href="/watch?v={e(card["id"])}"><span class="frame {"tall" if card["tall"] else "wide"}">'
        + (
            f'<img src="/watch/thumbnails/{e(card["id"])}" alt="" loading="lazy">'
            if card["thumbnail"]
            else '<span class="none">no thumbnail</span>'
        )
        + f'<span class="length">{e(card["length"])}</span></span><span class="title">{e(card["title"])}</span>'
        f'<span class="quiet">{e(card["channel"])} · {e(card["privacy"])}</span></a></li>'
        for card in cards
    )
    empty = (
        '<div class="empty"><h2>Nothing has been uploaded yet</h2><p>A video appears here as soon as its upload'
        " ends, whatever its privacy: this page is the sandbox owner's.</p></div>"
    )
    return document(
        title,
        (
            f'<h1>{e(title)}</h1><p class="quiet">{e(intro)}</p>'
            + (f'<ul class="channels" aria-label="Channels">{names}</ul>' if names else "")
            + (f'<ul class="cards">{shown}</ul>' if shown else empty)
        ),
    )
