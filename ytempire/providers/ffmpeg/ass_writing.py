"""The alphabet of an ASS document: text that shows literally, colours, times, events."""

from __future__ import annotations

_JOINER = "\u2060"
"""WORD JOINER: invisible in every face, and it parts a backslash from the letter that would make it a command."""


def escaped(text: str) -> str:
    r"""Text that the renderer shows letter by letter, `{\b1}` and `\N` included.

    libass takes `\{` and `\}` as braces; a backslash has no escape, so an invisible joiner follows it. Line breaks and
    tabs become spaces, other control characters vanish; spaces at the ends are kept as no-break spaces.
    """
    clean = "".join(" " if c in "\n\r\t\v\f\x85\u2028\u2029" else c for c in text)
    clean = "".join(c for c in clean if c >= " " and c != "\x7f")
    core = clean.strip(" ")
    lead = len(clean) - len(clean.lstrip(" "))
    tail = len(clean) - len(clean.rstrip(" ")) if core else 0
    core = core.replace("\\", "\\" + _JOINER).replace("{", "\\{").replace("}", "\\}")
    return "\u00a0" * lead + core + "\u00a0" * tail


def colour(value: str) -> str:
    """`#rrggbb` as `&Hbbggrr&`. Raises ValueError for anything else."""
    if len(value) != 7 or value[0] != "#":
        raise ValueError(f"{value!r} is no #rrggbb colour")
    int(value[1:], 16)
    return f"&H{value[5:7]}{value[3:5]}{value[1:3]}&".upper()


def alpha(opacity: float) -> str:
    """Opacity 0–1 as ASS transparency."""
    return f"&H{round(255 * (1 - min(1.0, max(0.0, opacity)))):02X}&"


def number(value: float) -> str:
    """A number without needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def clock(frame: float, fps: int) -> str:
    """The time half a frame before this frame is shown, so that rounding never moves an event by a frame."""
    centiseconds = max(0, round((frame - 0.5) / fps * 100))
    minutes, rest = divmod(centiseconds, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def event(layer: int, first: int, after: int, fps: int, body: str) -> str:
    """One line that shows `body` on the frames from `first` to before `after`."""
    return f"Dialogue: {layer},{clock(first, fps)},{clock(after, fps)},S,,0,0,0,,{body}"


def document(width: int, height: int, events: list[str]) -> str:
    """The whole file; layers above each other in the order of the events' layer numbers.

    libass spaces letters without their kerning unless it is told to; all widths are planned with it (`typeface`).
    """
    return (
        "[Script Info]\nScriptType: v4.00+\n"
        f"PlayResX: {width}\nPlayResY: {height}\nLayoutResX: {width}\nLayoutResY: {height}\n"
        "WrapStyle: 2\nScaledBorderAndShadow: yes\nKerning: yes\nYCbCr Matrix: TV.709\n\n"
        "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
        "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
        "MarginL, MarginR, MarginV, Encoding\n"
        "Style: S,Manrope ExtraBold,60,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,"
        "0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        + "\n".join(events)
        + "\n"
    )
