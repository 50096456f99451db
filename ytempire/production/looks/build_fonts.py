"""Makes the files in fonts/ from the originals (development only).

    python build_fonts.py FOLDER_WITH_UNPACKED_NPM_PACKAGES

The originals are the TrueType files of the npm packages `@expo-google-fonts/*` (SIL Open Font License 1.1, no reserved
font names). Each is cut to Latin, punctuation, currency, arrows and a few signs; its figures are made tabular, so
that counters don't tremble; it gets one plain family name, so that a name means one file; and its vertical
metrics become 0.8 + 0.2 em, so that a font size is an em in pixels and every baseline lies 0.8 em below the top.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = {
    "Anton": "anton/*/400Regular/Anton_400Regular.ttf",
    "Manrope ExtraBold": "manrope/*/800ExtraBold/Manrope_800ExtraBold.ttf",
    "Manrope SemiBold": "manrope/*/600SemiBold/Manrope_600SemiBold.ttf",
    "Fraunces Bold": "fraunces/*/700Bold/Fraunces_700Bold.ttf",
    "Fraunces Italic": "fraunces/*/600SemiBold_Italic/Fraunces_600SemiBold_Italic.ttf",
    "Hanken Grotesk Bold": "hanken-grotesk/*/700Bold/HankenGrotesk_700Bold.ttf",
    "Hanken Grotesk Medium": "hanken-grotesk/*/500Medium/HankenGrotesk_500Medium.ttf",
    "Baloo ExtraBold": "baloo-2/*/800ExtraBold/Baloo2_800ExtraBold.ttf",
    "Baloo SemiBold": "baloo-2/*/600SemiBold/Baloo2_600SemiBold.ttf",
    "Space Grotesk Bold": "space-grotesk/*/700Bold/SpaceGrotesk_700Bold.ttf",
    "Space Grotesk Medium": "space-grotesk/*/500Medium/SpaceGrotesk_500Medium.ttf",
    "Space Mono Bold": "space-mono/*/700Bold/SpaceMono_700Bold.ttf",
}
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *range(0x1E80, 0x1E86),
    0x1E9E,
    0x1EF2,
    0x1EF3,
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *range(0x2020, 0x2023),
    0x2026,
    0x2030,
    0x2032,
    0x2033,
    0x2039,
    0x203A,
    0x2044,
    *range(0x2070, 0x2090),
    *range(0x20A0, 0x20C0),
    0x2113,
    0x2116,
    0x2122,
    *range(0x2150, 0x215F),
    *range(0x2190, 0x219A),
    0x2202,
    0x2206,
    0x220F,
    0x2211,
    0x2212,
    0x2215,
    0x221A,
    0x221E,
    0x222B,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
    0x25CF,
    0x2713,
    0x2192,
    0x2060,
]


def _tabular_figures(font: TTFont) -> None:
    """Point the digits at their tabular forms, where the font has the `tnum` feature."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    forms: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in table.LookupList.Lookup[index].SubTable:
                    forms.update(getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}))
    for cmap in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in cmap.cmap:
                cmap.cmap[code] = forms.get(cmap.cmap[code], cmap.cmap[code])


def _even_figures(font: TTFont) -> None:
    """Give digits of different widths the widest one's, each in the middle of its new cell."""
    cmap = font.getBestCmap()
    digits = [cmap[code] for code in range(ord("0"), ord("9") + 1)]
    widest = max(font["hmtx"][glyph][0] for glyph in digits)
    for glyph in digits:
        advance, bearing = font["hmtx"][glyph]
        shift = (widest - advance) // 2
        if shift:
            font["glyf"][glyph].coordinates.translate((shift, 0))
            font["glyf"][glyph].recalcBounds(font["glyf"])
            font["hmtx"][glyph] = (widest, bearing + shift)


def _rename(font: TTFont, family: str) -> None:
    name = font["name"]
    licence = [record for record in name.names if record.nameID in {0, 13, 14}]
    name.names = licence
    postscript = family.replace(" ", "")
    for name_id, text in ((1, family), (2, "Regular"), (3, f"{postscript};cut"), (4, family), (6, postscript)):
        name.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = 0x40
    font["head"].macStyle = 0


def _metrics(font: TTFont) -> None:
    em = font["head"].unitsPerEm
    for table, up, down in (("OS/2", "usWinAscent", "usWinDescent"), ("hhea", "ascent", "descent")):
        setattr(font[table], up, round(em * 0.8))
        setattr(font[table], down, round(em * 0.2) * (1 if table == "OS/2" else -1))
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = (
        round(em * 0.8),
        -round(em * 0.2),
        0,
    )
    font["hhea"].lineGap = 0


def main() -> None:
    """Write every face beside this file."""
    source, target = Path(sys.argv[1]), Path(__file__).parent / "fonts"
    for family, pattern in FACES.items():
        package, rest = pattern.split("/*/")
        original = next(source.glob(f"expo-google-fonts-{package}-*/package/{rest}"))
        font = TTFont(original)
        _tabular_figures(font)
        options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "liga"], hinting=False)
        options.name_IDs = ["*"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=CHARACTERS)
        cutter.subset(font)
        _even_figures(font)
        _rename(font, family)
        _metrics(font)
        font.save(target / f"{family.replace(' ', '')}.ttf")
        licence = original.parents[1] / "LICENSE_FONT"
        (target.parent / "font_licences" / f"{package}-OFL.txt").write_bytes(licence.read_bytes())


if __name__ == "__main__":
    main()
