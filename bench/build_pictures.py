"""Makes ytempire/providers/pictures/data from unpacked npm packages (development only; see the README there).

    python -m bench.build_pictures PHOSPHOR FLUENT EMOJILIB UNICODE_EMOJI

Icons become two drawings each (tone and line of the duotone weight) in a 256 px square around (0, 0), arcs and
quadratic curves as cubics. Emoji without skin tones, flags, letters and signs are kept as they come (256 px WebP).
Every picture's words are embedded, so that a search is one product of a matrix and a vector.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

from ytempire.providers.minilm.embed import MiniLm

DATA = Path(__file__).parents[1] / "ytempire" / "providers" / "pictures" / "data"
_GROUPS = {
    "Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects", "Smileys & Emotion",
    "People & Body", "Symbols",
}  # fmt: skip
_SIGNS = {
    "red heart",
    "yellow heart",
    "green heart",
    "blue heart",
    "purple heart",
    "warning",
    "prohibited",
    "recycling symbol",
    "high voltage",
    "hundred points",
    "check mark button",
    "cross mark",
    "atom symbol",
    "infinity",
    "exclamation question mark",
    "red question mark",
    "red exclamation mark",
    "musical notes",
    "heavy dollar sign",
    "radioactive",
    "biohazard",
    "no entry",
    "peace symbol",
    "fleur-de-lis",
    "bell",
    "mute",
    "anger symbol",
    "speech balloon",
    "thought balloon",
}
_PEOPLE = re.compile(
    r"^(waving hand|raised hand|ok hand|victory hand|crossed fingers|thumbs|raised fist|clapping|raising hands|open"
    r" hands|handshake|folded hands|writing hand|flexed biceps|ear$|nose|brain|anatomical heart|lungs|tooth|bone|eyes"
    r"|eye$"
    r"|tongue|mouth|baby$|child$|person$|older person|detective|ninja|construction worker|prince|superhero|mage|fairy"
    r"|vampire"
    r"|merperson|elf|zombie|astronaut|scientist|cook|farmer|teacher|student|health worker|judge|mechanic|factory worker"
    r"|office worker|technologist|singer|artist|pilot|firefighter|police officer|person walking|person running|dancer"
    r"|person climbing|person surfing|person rowing boat|person swimming|person biking|people hugging|family$"
    r"|footprints|fingerprint|mechanical arm|leg$|foot$|index pointing|leftwards hand|palm|pinch|selfie|person in lotus"
    r"|person in bed|snowboarder|skier|person lifting|speaking head|busts)"
)
_NOT = re.compile(
    r"clock|o’clock|thirty|moon symbol|squared|button$|keycap|zodiac|Japanese|middle finger|cigarette|smoking|mahjong"
    r"|flower playing"
)
_CLOCKS = {"alarm clock", "mantelpiece clock", "timer clock"}


class _Drawing(BasePen):  # type: ignore[misc]
    """Collects an ASS drawing."""

    def __init__(self) -> None:
        super().__init__(None)
        self.parts: list[str] = []

    def _point(self, point: tuple[float, float]) -> str:
        return " ".join(f"{value - 128:.1f}".removesuffix(".0") for value in point)

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append("m " + self._point(pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append("l " + self._point(pt))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append("b " + " ".join(self._point(p) for p in (pt1, pt2, pt3)))


def _drawing(data: str) -> str:
    pen = _Drawing()
    parse_path(data, pen)
    return " ".join(pen.parts)


def _icons(package: Path) -> list[dict[str, object]]:
    source = (package / "dist" / "index.mjs").read_text(encoding="utf-8")
    found: list[dict[str, object]] = []
    for entry in re.findall(r"\{\s*name: \"[^}]*?\}", source, re.DOTALL):
        name = re.search(r'name: "([^"]+)"', entry)
        if not name or "e.BRAND" in entry or "-logo" in name[1]:
            continue
        tags = re.search(r"tags: \[(.*?)\]", entry, re.DOTALL)
        words = [t for t in re.findall(r'"([^"]+)"', tags[1] if tags else "") if not t.startswith("*")]
        file = package / "assets" / "duotone" / f"{name[1]}-duotone.svg"
        tone: list[str] = []
        line: list[str] = []
        for path in ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}path"):
            (tone if path.get("opacity") else line).append(_drawing(path.get("d", "")))
        found.append(
            {
                "name": f"icon:{name[1]}",
                "words": [name[1].replace("-", " "), *words],
                "tone": " ".join(tone),
                "line": " ".join(line),
            }
        )
    return found


def _emoji(package: Path, keywords: Path, names: Path) -> tuple[list[dict[str, object]], dict[str, bytes]]:
    words = json.loads((keywords / "dist" / "emoji-en-US.json").read_text(encoding="utf-8"))
    known = json.loads((names / "data-by-emoji.json").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = []
    files: dict[str, bytes] = {}
    for char, about in known.items():
        name, group = about["name"], about["group"]
        if group not in _GROUPS or (_NOT.search(name) and name not in _CLOCKS):
            continue
        if (group == "Symbols" and name not in _SIGNS) or (group == "People & Body" and not _PEOPLE.match(name)):
            continue
        code = "-".join(f"{ord(c):04x}" for c in char)
        file = next(
            (f for f in (package / "assets" / f"{c}.webp" for c in (code, code.replace("-fe0f", ""))) if f.exists()),
            None,
        )
        if file is None:
            continue
        slug = about["slug"].replace("_", "-")
        tags = [
            w.replace("_", " ")
            for w in words.get(char, [])
            if w.isascii() and any(c.isalpha() for c in w) and ":" not in w
        ]
        found.append({"name": f"emoji:{slug}", "words": [name, *dict.fromkeys(t for t in tags if t != name)]})
        files[f"{slug}.webp"] = file.read_bytes()
    return found, files


def main() -> None:
    """Write the data files."""
    phosphor, fluent, emojilib, unicode_emoji = (Path(argument) for argument in sys.argv[1:5])
    icons = _icons(phosphor)
    emoji, files = _emoji(fluent, emojilib, unicode_emoji)
    everything = icons + emoji
    texts = [", ".join(item["words"][:6]) for item in everything]  # type: ignore[index]
    vectors = np.array(MiniLm().embed(texts))
    DATA.mkdir(exist_ok=True)
    np.save(DATA / "vectors.npy", np.round(vectors * 127 / np.abs(vectors).max()).astype(np.int8))
    with (DATA / "pictures.json.gz").open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(json.dumps(everything, separators=(",", ":")).encode())
    (DATA / "emoji").mkdir(exist_ok=True)
    for name, content in files.items():
        (DATA / "emoji" / name).write_bytes(content)
    print(f"{len(icons)} icons, {len(emoji)} emoji")


if __name__ == "__main__":
    main()
