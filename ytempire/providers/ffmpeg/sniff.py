"""What a file is by its first bytes. Its name is not asked: a demuxer chosen by us can't be talked into a playlist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`what` is `image`, `animation`, `container` (clip or sound), `sound` or `refused`; `demuxer` is ffmpeg's name."""

    what: str
    name: str
    demuxer: str = ""


_HEADS = (
    (0, b"\xff\xd8\xff", Kind("image", "JPEG")),
    (0, b"\x89PNG\r\n\x1a\n", Kind("image", "PNG")),
    (0, b"GIF87a", Kind("animation", "GIF", "gif")),
    (0, b"GIF89a", Kind("animation", "GIF", "gif")),
    (8, b"WEBP", Kind("image", "WebP")),
    (0, b"BM", Kind("image", "BMP")),
    (4, b"ftypM4A", Kind("sound", "M4A", "mov")),
    (4, b"ftyp", Kind("container", "MP4", "mov")),
    (4, b"moov", Kind("container", "MOV", "mov")),
    (4, b"mdat", Kind("container", "MOV", "mov")),
    (4, b"wide", Kind("container", "MOV", "mov")),
    (0, b"\x1aE\xdf\xa3", Kind("container", "Matroska or WebM", "matroska")),
    (8, b"AVI ", Kind("container", "AVI", "avi")),
    (8, b"WAVE", Kind("sound", "WAV", "wav")),
    (0, b"ID3", Kind("sound", "MP3", "mp3")),
    (0, b"\xff\xfb", Kind("sound", "MP3", "mp3")),
    (0, b"OggS", Kind("sound", "Ogg", "ogg")),
    (0, b"fLaC", Kind("sound", "FLAC", "flac")),
    (0, b"#EXTM3U", Kind("refused", "a playlist")),
    (0, b"ffconcat", Kind("refused", "a list of files")),
    (0, b"%PDF", Kind("refused", "a PDF")),
    (0, b"PK\x03\x04", Kind("refused", "an archive")),
    (0, b"II*\x00", Kind("refused", "a TIFF")),
    (0, b"MM\x00*", Kind("refused", "a TIFF")),
)
_HEIF = (b"heic", b"heix", b"mif1", b"avif", b"msf1")


def sniff(head: bytes) -> Kind:
    """The kind by the first 400 bytes."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return Kind("refused", "a HEIC or AVIF picture")
    for at, magic, kind in _HEADS:
        if head[at : at + len(magic)] == magic:
            return kind
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return Kind("container", "MPEG transport stream", "mpegts")
    start = head[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        return Kind("refused", "SVG, XML or HTML")
    text = bool(head) and all(byte >= 32 or byte in b"\t\r\n" for byte in head)
    return Kind("refused", "text" if text else "nothing that is known here")
