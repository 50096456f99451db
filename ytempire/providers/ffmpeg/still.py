"""Turns one untrusted picture into a clean one. Run as a script under limits, never imported by the platform.

Prints `width height` of the clean picture, or fails with one line that says why.
"""

from __future__ import annotations

import io
import sys
import warnings

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LONGEST_PX = 4096
"""Enough for a 1.15 times larger picture of either format; larger ones are scaled down."""


def main(source: str, target: str, most_pixels: int) -> None:
    """Decode `source` completely, turn it upright, to sRGB, and write `target` (.png)."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(source, formats=FORMATS) as opened:
        if opened.format == "JPEG":
            opened.draft(opened.mode, (LONGEST_PX, LONGEST_PX))
        opened.load()
        picture = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
    alpha = "A" in picture.getbands() or "transparency" in picture.info
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is no reason to refuse the picture
    if picture.mode.startswith("I"):  # grey of 16 bits, which `convert` would cut off at 255
        picture = picture.convert("I").point(lambda grey: grey * (255 / 65_535)).convert("L")
    picture = picture.convert("RGBA" if alpha else "RGB")
    if alpha and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
    clean = Image.new(picture.mode, picture.size)  # pixels only: no comments, no profile, no EXIF
    clean.paste(picture)
    clean.save(target, compress_level=3)
    sys.stdout.write(f"{clean.width} {clean.height}\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        sys.exit("too many pixels")
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, EOFError) as error:
        sys.exit(f"unreadable: {error}"[:200])
