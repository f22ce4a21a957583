"""Pictures made from the shipped shoes: pairs of sketch and photo, and photos in all colours.

The 28×28 grey pictures are enlarged smoothly and put on white paper. Colours are ours: by class in pairs, so that there
is something to learn about colour, and random in photos.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image

TRAIN, VAL = 1000, 100  # shoes shipped, in this order
CLASSES = {5: "sandal", 7: "sneaker", 9: "boot"}  # Fashion-MNIST's classes
TINTS = {"sandal": (204, 20, 31), "sneaker": (26, 71, 191), "boot": (107, 61, 26)}  # our choice: red, blue, brown
PAIR_SIDE, MARGIN = 64, 2  # pixels; the margin keeps outlines whole that touch the border of the 28×28
FAINTEST_EDGE = 0.08  # in brightness a pixel; lower draws the fabric, higher loses straps and soles
RECIPE = 1  # part of the names of folders made; count it up when pairs or photos are made in another way


def draw_pairs(pixels: np.ndarray, names: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """File names and pictures (64, 128, 3) "sketch | photo" of all shoes, TRAIN for train and VAL for val."""
    inner = PAIR_SIDE - 2 * MARGIN
    photos = np.stack([np.pad(255 - enlarge(shoe, inner), MARGIN, constant_values=255) for shoe in pixels])
    sketches = draw_edges(photos)
    for number, (name, sketch, photo) in enumerate(zip(names, sketches, photos, strict=True)):
        split, count = ("train", number) if number < TRAIN else ("val", number - TRAIN)
        pair = np.hstack([np.stack([sketch] * 3, 2), tint(photo, TINTS[name])])  # (64, 128, 3)
        yield f"{split}/{name}_{count + 1:04d}.png", pair


def draw_photos(pixels: np.ndarray, names: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """File names and pictures (h, w, 3) of the first TRAIN shoes, of random colour, with more paper at two sides."""
    rng = np.random.default_rng(0)
    for number, (name, shoe) in enumerate(zip(names[:TRAIN], pixels, strict=False), 1):
        side, colour = int(rng.integers(68, 97)), rng.integers(10, 191, 3)
        paper = [MARGIN, MARGIN]
        paper[rng.integers(2)] = int(rng.integers(MARGIN, 25))  # the same on both sides: the shoe stays in the middle
        photo = np.pad(255 - enlarge(shoe, side), [(part, part) for part in paper], constant_values=255)
        yield f"{name}/{name}_{number:04d}.jpg", tint(photo, tuple(colour))


def enlarge(shoe: np.ndarray, side: int) -> np.ndarray:
    """Smoothly from 28×28 to side × side."""
    return np.asarray(Image.fromarray(shoe).resize((side, side), Image.Resampling.BICUBIC))


def tint(photo: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Colour a grey photo on white: white stays, grey takes the colour, black a dark shade of it. -> (h, w, 3)."""
    ink = 1 - photo[..., None] / 255  # (h, w, 1): 0 on white
    shades = 255 * (1 - ink) + np.array(colour) * ink * (1.15 - 0.5 * ink)
    return shades.round().clip(0, 255).astype(np.uint8)


def draw_edges(photos: np.ndarray) -> np.ndarray:
    """Dark lines on white where brightness changes: Sobel's gradient, thinned to one pixel, as Canny begins.

    Shapes: (n, h, w) -> (n, h, w), uint8. Source: Canny 1986, doi.org/10.1109/TPAMI.1986.4767851, without hysteresis.
    """
    light = np.pad(photos.astype(np.float32) / 255, ((0, 0), (2, 2), (2, 2)), mode="edge")
    for axis in (1, 2):
        light = _smooth(light, axis)
    down, right = (_smooth((np.roll(light, -1, axis) - np.roll(light, 1, axis)) / 2, 3 - axis) for axis in (1, 2))
    steepness = np.hypot(down, right)
    direction = np.round(np.arctan2(down, right) / (np.pi / 4)).astype(int) % 4  # uphill, in eighths of a turn
    ridge = np.zeros(light.shape, bool)
    for number, step in enumerate([(0, 1), (1, 1), (1, 0), (1, -1)]):
        before, behind = (np.roll(steepness, (sign * step[0], sign * step[1]), (1, 2)) for sign in (1, -1))
        ridge |= (direction == number) & (steepness >= before) & (steepness > behind)
    lines = ridge & (steepness > FAINTEST_EDGE)
    return np.where(lines, 0, 255).astype(np.uint8)[:, 2:-2, 2:-2]


def _smooth(light: np.ndarray, axis: int) -> np.ndarray:
    smooth: np.ndarray = (np.roll(light, 1, axis) + 2 * light + np.roll(light, -1, axis)) / 4
    return smooth
