"""Draws a quiet layered landscape. Plausible, different for every seed, and clearly nobody's photograph."""

import colorsys
import math
import random

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


def paint(width: int, height: int, seed: str) -> Image.Image:
    """An RGB picture of the wanted size; the same seed draws the same picture."""
    chance = random.Random(seed)
    hue = chance.random()
    top, low = _tone(hue, 0.55, 0.30), _tone(hue + chance.uniform(0.04, 0.16), 0.45, 0.95)
    column = Image.new("RGB", (1, height))
    column.putdata([_mix(top, low, (y / height) ** 1.4) for y in range(height)])
    picture = column.resize((width, height))
    _light(picture, chance, low)
    pen = ImageDraw.Draw(picture)
    layers = chance.randint(4, 6)
    for layer in range(layers):
        near = (layer + 1) / layers
        colour = _mix(low, _tone(hue + 0.05, 0.65, 0.12), 0.25 + 0.75 * near)
        pen.polygon(_ridge(chance, width, height, near), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(max(width, height) / 1800))


def _light(picture: Image.Image, chance: random.Random, colour: Colour) -> None:
    width, height = picture.size
    radius = min(width, height) * chance.uniform(0.06, 0.13)
    x, y = width * chance.uniform(0.2, 0.8), height * chance.uniform(0.18, 0.42)
    glow = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(glow)
    for ring in range(60, 0, -1):
        reach = radius * (1 + ring * 0.09)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=int(110 * (1 - ring / 61) ** 2))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=235)
    bright = Image.new("RGB", picture.size, _mix(colour, (255, 250, 235), 0.75))
    picture.paste(bright, mask=glow.filter(ImageFilter.GaussianBlur(radius / 8)))


def _ridge(chance: random.Random, width: int, height: int, near: float) -> list[tuple[float, float]]:
    base = height * (0.42 + 0.42 * near)
    waves = [
        (chance.uniform(0.6, 2.2) * (k + 1), chance.uniform(0, math.tau), height * 0.07 / (k + 1)) for k in range(5)
    ]
    step = max(2, width // 240)
    line = [
        (float(x), base + sum(size * math.sin(math.tau * speed * x / width + shift) for speed, shift, size in waves))
        for x in range(0, width + step, step)
    ]
    return [(0.0, float(height)), *line, (float(width), float(height))]


def _tone(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
