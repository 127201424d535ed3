"""Pictures made ready for recognition: upright, level, grey, and without coloured ink.

Promises:  seals, stamps and pens in colour disappear where dark print lies under them, since every pixel keeps its
           lightest channel; a page printed in colour throughout keeps its print. A level page is left as it is.
Never:     runs in a door or a registrar: see ``sandbox``.
Fails:     with Pillow's errors on what is no picture; DecompressionBombError above ``MOST_PIXELS``.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

MOST_PIXELS = 120_000_000
MOST_FRAMES = 2_000
PAPER = (8.27, 11.69)  # inches; what a picture without a resolution is taken for
LIKELY_DPI = (72, 650)
DARK = 140
VIVID, PALE = 60, 110  # how far a stamp's channels lie apart, and how light its lightest is
COLOURED = 0.6  # share of dark ink that may vanish with the colours; beyond it the page is printed in colour
STEEPEST, FINEST = 8.0, 0.1  # degrees
MUCH = 2.0
WORTH = 0.25  # degrees from which on a page is turned level
INK = 200  # what is lighter is paper
SMALL = 700  # pixels across of the copy on which skew is measured
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
register_heif_opener()

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Scan:
    """One page as a picture: ``dpi`` its pixels per inch; by how many ``turns`` (quarters) and degrees it was turned.

    Both are counter-clockwise; the quarters come first.
    """

    picture: Image.Image
    dpi: float
    skew: float = 0.0
    turns: int = 0

    @property
    def width(self) -> float:
        """In points."""
        return self.picture.width * 72 / self.dpi

    @property
    def height(self) -> float:
        """In points."""
        return self.picture.height * 72 / self.dpi


@dataclass(frozen=True, slots=True)
class Ink:
    """The dark pixels of a page: how far down, how far from the middle, and how dark each is."""

    down: NDArray[np.intp]
    across: NDArray[np.float64]
    weight: NDArray[np.float32]


def frames(content: bytes) -> int:
    """How many pages a picture file has."""
    with Image.open(io.BytesIO(content)) as picture:
        return int(getattr(picture, "n_frames", 1))


def frame(content: bytes, number: int, dpi: int) -> Scan:
    """One page of a picture file, upright as its camera said, at about ``dpi``."""
    with Image.open(io.BytesIO(content)) as file:
        if number > 1:
            file.seek(number - 1)
        turned = ImageOps.exif_transpose(file)
        known = _resolution(file.info.get("dpi"), turned.size)
        picture = _on_white(turned)
    scale = min(dpi / known, 2.0)
    if abs(scale - 1) > 0.1:  # noqa: PLR2004  a tenth makes no difference to recognition
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
        known *= scale
    return Scan(picture, known)


def ready(scan: Scan, quarters: int = 0) -> Scan:
    """The scan grey, without coloured ink, turned so that its lines lie across, then by quarters, and level.

    Quarters are counter-clockwise.
    """
    picture, turns = turned(Image.fromarray(without_colour(scan.picture)), quarters)
    skew = slope(picture)
    if abs(skew) >= WORTH:
        picture = picture.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    return Scan(picture, scan.dpi, skew, turns)


def turned(grey: Image.Image, quarters: int) -> tuple[Image.Image, int]:
    """The picture turned so that its lines lie across and then by quarters, and by how many it was turned."""
    turns = (quarters + sideways(grey)) % 4
    return (grey.rotate(90 * turns, expand=True) if turns else grey), turns


def without_colour(picture: Image.Image) -> Grey:
    """Each pixel's lightest channel, paper where it is vivid; the ordinary grey where most ink is coloured."""
    grey = np.asarray(picture.convert("L"))
    if picture.mode in ("1", "L", "I", "F", "LA"):
        return grey
    red, green, blue = (np.asarray(channel) for channel in picture.convert("RGB").split())
    lightest = np.maximum(np.maximum(red, green), blue)
    darkest = np.minimum(np.minimum(red, green), blue)
    lightest[(lightest - darkest > VIVID) & (lightest > PALE)] = 255
    before, after = int((grey < DARK).sum()), int((lightest < DARK).sum())
    return grey if after < (1 - COLOURED) * before else lightest


def sideways(picture: Image.Image) -> bool:
    """Whether ink is ranged in columns much more than in rows: then the lines run up or down."""
    square = picture.resize((SMALL, SMALL), Image.Resampling.BOX)
    ink = 255.0 - np.asarray(square, dtype=np.float32)
    rows, columns = (float(np.square(np.diff(ink.sum(axis=axis))).sum()) for axis in (1, 0))
    return columns > MUCH * rows and columns > 0


def slope(picture: Image.Image) -> float:
    """Degrees by which the page must be turned (counter-clockwise) for its lines to lie level; 0 when nothing tells."""
    small = picture.resize((SMALL, max(1, round(picture.height * SMALL / picture.width))), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32)
    down, across = np.nonzero(grey < INK)
    if not down.size:
        return 0.0
    ink = Ink(down, across - grey.shape[1] / 2, 255 - grey[down, across])
    best, step = 0.0, 1.0
    span = STEEPEST
    while step >= FINEST / 2:
        angles = np.arange(best - span, best + span + step / 2, step)
        best = float(max(angles, key=lambda angle: (_sharpness(ink, float(angle)), -abs(angle))))
        span, step = step, step / 4
    gained = _sharpness(ink, best) / max(_sharpness(ink, 0.0), 1e-9)
    return round(best, 2) if gained > 1.02 else 0.0  # noqa: PLR2004  less is noise


def _sharpness(ink: Ink, degrees: float) -> float:
    """How sharply rows of ink stand out when columns are shifted as a turn would shift them."""
    rows = np.round(ink.down + np.tan(np.radians(-degrees)) * ink.across).astype(int)
    profile = np.bincount(rows - int(rows.min()), weights=ink.weight)
    return float(np.square(np.diff(profile, prepend=0, append=0)).sum())


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent is paper; palettes become colours."""
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return Image.fromarray((np.asarray(picture, dtype=np.float32) / 257).clip(0, 255).astype(np.uint8))
    return picture.convert("RGB")


def _resolution(told: object, size: tuple[int, int]) -> float:
    """Pixels per inch: as the file says where that can be, else as if the picture were a sheet of paper."""
    first = told[0] if isinstance(told, tuple) and told else 0
    dpi = float(first) if isinstance(first, int | float) else 0.0
    longest = max(size) / dpi if dpi else 0.0
    if LIKELY_DPI[0] < dpi < LIKELY_DPI[1] and PAPER[0] * 0.4 < longest < PAPER[1] * 3:
        return dpi
    return max(min(size) / PAPER[0], max(size) / PAPER[1])
